"""How a conversation is shown, read and handed about: its thread as people see it, read receipts,
the sign that somebody is typing, and who has the thread where several responders share the channel.

In: a conversation. Out: its messages with edits, reactions and revocations applied, the lock on it,
orders to tell its contact that it was read, and orders about its owner. It may import its app's
ground alone.
"""
