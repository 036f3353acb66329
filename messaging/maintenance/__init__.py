"""What runs on a clock: sweeps that repair what a crash or an outage left behind, and retention.

In: rows that have waited for too long, or are old enough to go. Out: the same rows, due again,
expired or deleted. It may import outbound, media and its app's ground.
"""
