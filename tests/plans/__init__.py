"""`make plans`: EXPLAIN of every statement of a worker's round, where little and where much waits,
on four kinds of statistics. Writes docs/plans.md.
"""
