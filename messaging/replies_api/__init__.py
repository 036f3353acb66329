"""The REST API of reply strategies: which there are, and which answers for a business.

In: requests of a tenant's own software. Out: descriptions of strategies, and choices that replies
makes. It may import replies and its app's ground.
"""
