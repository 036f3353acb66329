"""Send messages: one that somebody submits becomes a row in the queue, the row a POST, and the POST
an outcome.

In: what staff, clients and replies send. Out: requests to providers, and their outcomes. It may
import contacts, conversations and its app's ground.
"""
