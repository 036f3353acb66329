"""Lists are read from a replica, where DATABASE_REPLICA_URL names one: a standby of the primary.

In: what reads a list, in a scope of its own. Out: what it found, never older than the moment it was
asked for: the replica is used once it has all that the primary had then. Where it has not in time,
or does not answer, the primary is read. It may import its app's ground alone.
"""
