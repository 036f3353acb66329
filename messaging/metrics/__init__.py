"""What each process counts and times, as Prometheus reads it (docs/monitoring.md): a module for
each part of the way. No label names a tenant, a channel or a person.

In: what was just done, after its commit. Out: counters and histograms of this process, which
messaging/monitoring/exposition.py tells.
"""
