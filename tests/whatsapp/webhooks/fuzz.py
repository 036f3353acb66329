"""The parser's promises over mutated webhooks, and their long form: `make fuzz MINUTES=60`."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings

from channels_app.events import Event, Rejected
from tests.whatsapp.webhooks.mutated import marks_in, mutated_bytes, mutated_items, mutated_json
from whatsapp.webhooks.parser import parse

TRIES_OF_A_ROUND = 2_000
AT_ONCE = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


def whatever_the_bytes_there_are_events_each_with_its_item_or_a_reason(body: bytes) -> None:
    events = list(parse(body))

    assert [event for event in events if not isinstance(event, Event)] == []
    assert [event for event in events if isinstance(event, Rejected) and not event.reason] == []
    assert repr(list(parse(body))) == repr(events)


def no_item_is_lost(payload: Any) -> None:
    body = json.dumps(payload).encode()
    whatever_the_bytes_there_are_events_each_with_its_item_or_a_reason(body)

    kept = set().union(*(marks_in(event.raw) for event in parse(body)))
    assert marks_in(json.loads(body)) - kept == set()


PROMISES: list[tuple[Callable[[Any], None], Any]] = [
    (
        whatever_the_bytes_there_are_events_each_with_its_item_or_a_reason,
        mutated_bytes() | mutated_json().map(json.dumps).map(str.encode),
    ),
    (no_item_is_lost, mutated_items()),
]


def tries(promise: Callable[[Any], None], bodies: Any, count: int) -> None:
    """Try the promise with so many bodies. Raises AssertionError with the smallest that breaks
    it.
    """
    settings(AT_ONCE, max_examples=count)(given(bodies)(promise))()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, required=True)
    end, rounds = time.monotonic() + parser.parse_args().minutes * 60, 0
    while time.monotonic() < end:
        for promise, bodies in PROMISES:
            tries(promise, bodies, TRIES_OF_A_ROUND)
        rounds += 1
    tried = rounds * len(PROMISES) * TRIES_OF_A_ROUND
    sys.stdout.write(f"{tried:,} bodies, and every promise was kept.\n")


if __name__ == "__main__":
    main()
