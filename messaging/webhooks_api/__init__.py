"""The REST API of outgoing webhooks.

In: requests of a tenant's own software, or of the platform's. Out: endpoints, the log of what they
were sent, and orders that outgoing_webhooks carries out. It may import outgoing_webhooks and its
app's ground.
"""
