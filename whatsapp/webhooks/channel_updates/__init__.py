"""What webhooks tell of accounts, numbers, businesses and templates: a reader for each kind, and
the words for people. Pure.
"""
