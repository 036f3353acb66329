"""A message that is to be said becomes a row in the queue, the row a POST, and the POST an outcome.

In: what staff, clients and replies say. Out: requests to providers, and what became of each. It may
import contacts, conversations and its app's ground.
"""
