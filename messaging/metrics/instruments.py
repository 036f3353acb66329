"""Counters and histograms as they are made here."""

from collections.abc import Iterable

from prometheus_client import Counter, Histogram, disable_created_metrics

disable_created_metrics()

OF_REQUESTS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
OF_WAITING = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)


def by_label(name: str, told: str, label: str, values: Iterable[str]) -> Counter:
    """Return a counter of these values of a label, each of which begins at 0: a rate needs the
    sample before the first count.
    """
    counter = Counter(name, told, [label])
    for value in values:
        counter.labels(value)
    return counter


def time_of_request(name: str, told: str) -> Histogram:
    return Histogram(name, told, buckets=OF_REQUESTS)


def age(name: str, told: str) -> Histogram:
    return Histogram(name, told, buckets=OF_WAITING)
