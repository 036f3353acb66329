"""`make scale-out`: web, worker and jobs on machines of their own, each a network namespace with an
address, before one PostgreSQL behind PgBouncer in transaction mode. Machines come, go, are killed
and are cut off under load.

It needs Linux, `unshare` and `ip`; of root CAP_NET_ADMIN and CAP_SYS_ADMIN, of anybody else user
namespaces. Where the kernel refuses them it says so, and that nothing was tested.
"""
