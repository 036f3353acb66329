"""What is kept about one person: export it, erase it.

In: a contact of a tenant. Out: everything that is stored about them, or nothing of it any more and
the hashes that recognize a late repetition of their webhooks. What belongs to a person, table by
table, stands in catalogue.py; both orders go by it. It may import inbound, contacts and its app's
ground.
"""
