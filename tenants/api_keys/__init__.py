"""Keys of the REST API: made, shown once, and recognised.

In: a tenant, a name and scopes; later the key that a request carries. Out: the key; later whose it
is, what it may do, and whether its rate limit allows one more request. It may import its app's
ground alone.
"""
