"""A stored webhook becomes rows: leased, parsed by its provider, routed to its channels, and
recorded a batch at a time.

In: deliveries that are due. Out: messages, statuses, contacts, queued replies, channel updates,
dead letters. It may import contacts, media, replies and its app's ground. Only the
worker imports it, the command that holds what may have been sent before a failover, the
rehearsal of a copy, and the back-office (contents.py), to show what a delivery says.
"""
