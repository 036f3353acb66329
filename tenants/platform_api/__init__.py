"""The API of the platform's own software: it makes and suspends tenants, and gives and revokes
their keys.

In: requests with a key of the platform. Out: tenants and keys. Such a key reaches no tenant's data:
for that it gives itself a key of the tenant. It may import api, api_keys and its app's ground.
"""
