"""The REST API of channels and message templates.

In: requests of a tenant's own software. Out: rows as JSON, without credentials. It may import its
app's ground, and providers.
"""
