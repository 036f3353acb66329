"""How a conversation is shown and read: its thread as people see it, read receipts, and the sign
that somebody is typing.

In: a conversation. Out: its messages with edits, reactions and revocations applied, the lock on it,
and orders to tell its contact that it was read. It may import its app's ground alone.
"""
