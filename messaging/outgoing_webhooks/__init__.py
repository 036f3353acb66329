"""Outgoing webhooks: what happened to a tenant is POSTed to the endpoints that it registered, as
Standard Webhooks describes it.

In: the event log, and the endpoints. Out: signed requests, a log of them, and each endpoint's
cursor: what lies behind it is delivered, given up or set aside. At least once: a crash repeats what
was not recorded. Order holds for each stream of events. It may import its app's ground alone.
"""
