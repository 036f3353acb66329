"""How a conversation is shown and read: its thread as people see it, read receipts, and the sign that somebody is typing.

In: a conversation. Out: its messages with edits, reactions and revocations applied; orders to tell a contact that it was
read. It may import its app's ground, and outbound for the lock on a conversation.
"""
