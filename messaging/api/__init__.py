"""The REST API of contacts, conversations, messages and files.

In: requests of a tenant's own software. Out: rows as JSON, and orders that the rooms below carry
out. It may import contacts, conversations, media, outbound and its app's ground.
"""
