"""The REST API of what is kept about one person.

In: requests of a tenant's own software. Out: a contact's export, and orders to erase one that the
room privacy carries out. It may import privacy and its app's ground.
"""
