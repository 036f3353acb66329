"""What needs a hand: the state of the platform and of each channel, as readiness, as a list of
problems and by mail.

In: a few statements over the tables. Out: checks, problems with what to do, alerts. It may import
its app's ground alone; what it says is computed anew each time.
"""
