"""What happens to a channel between its connection and its end: proven, checked, parked, moved,
disconnected; keys rotated.

In: a channel, and what its provider says of it. Out: its status, its health, its sealed
credentials. It may import providers, models and its app's ground. It asks the provider outside any
scope.
"""
