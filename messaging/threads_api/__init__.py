"""The REST API of threads that several responders share.

In: requests of a tenant's own software. Out: who has a thread, its history, and orders that
conversations carries out. It may import api, conversations and its app's ground.
"""
