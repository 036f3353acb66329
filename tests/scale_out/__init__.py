"""`make scale-out`: web, worker and jobs on machines of their own, each a network namespace with an
address, before one PostgreSQL behind PgBouncer in transaction mode. Machines come, go, are killed
and are cut off under load.

It needs Linux, `unshare` and `ip`, and either root with CAP_NET_ADMIN and CAP_SYS_ADMIN or user
namespaces for everybody. Where neither is there it ends with a sentence, and an exit code of 1.
"""
