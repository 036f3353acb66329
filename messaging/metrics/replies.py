"""Answers of reply strategies that take their time, and what was left to people."""

from collections.abc import Iterable

from prometheus_client import Counter

from messaging.metrics.instruments import age, by_label

ASKED = Counter("messaging_strategies_asked", "Questions to strategies that take their time.")
STRATEGY_SECONDS = age("messaging_strategy_seconds", "Time that such a strategy took to answer.")
ENDED = by_label(
    "messaging_deferred_replies_ended",
    "Answers that take their time, by how they ended.",
    "outcome",
    ("answered", "unanswered", "superseded", "left"),
)
LEFT = by_label(
    "messaging_left_to_people",
    "Conversations that reply strategies left to people, by the reason.",
    "because",
    ("strategy", "failed", "timeout", "unsendable"),
)


def note_decided(superseded: int, left: Iterable[str]) -> None:
    """Count what a committed batch has decided. `left`: why each conversation was left."""
    ENDED.labels("superseded").inc(superseded)
    for because in left:
        LEFT.labels(because).inc()
