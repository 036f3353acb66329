"""What a walk compares the product with: which events there are, in their streams' order, and what
each subscriber has acknowledged of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from messaging.models import WebhookAttempt
from messaging.outgoing_webhooks.bodies import TEST, Content
from messaging.outgoing_webhooks.posting import TIMED_OUT, Answer
from messaging.outgoing_webhooks.turns import Result, Taking, Turn

ANSWERS = {
    "well": {"status": 200},
    "fails": {"status": 500},
    "less": {"status": 429, "retry_after": 30.0},
    "away": {"status": 503},
    "gone": {"status": 410},
    "hangs": {"error": TIMED_OUT},
}


@dataclass
class Told:
    """What one subscriber was told, and has acknowledged since it last asked for a replay."""

    wanted: dict[UUID, list[UUID]] = field(default_factory=dict)  # of each stream, in order
    passed: set[UUID] = field(default_factory=set)
    replays: int = 0

    def expect(self, stream: UUID, event_id: UUID) -> None:
        self.wanted.setdefault(stream, []).append(event_id)

    def before(self, event_id: UUID) -> list[UUID]:
        (stream,) = [ids for ids in self.wanted.values() if event_id in ids]
        return stream[: stream.index(event_id)]

    def acknowledge(self, event_id: UUID, replays: int) -> None:
        """It was answered 2xx: nothing of its stream may have been left out before it. What was
        leased before a replay belongs to the time before it.
        """
        if replays == self.replays:
            left_out = [each for each in self.before(event_id) if each not in self.passed]
            assert left_out == [], "an event has overtaken an earlier one of its stream"
            self.passed.add(event_id)

    def replay(self, event_ids: set[UUID]) -> None:
        self.replays += 1
        self.passed -= event_ids

    def missing(self) -> set[UUID]:
        return {each for ids in self.wanted.values() for each in ids} - self.passed


class Process:
    """A process that has leased an endpoint, and sends to its subscriber what it has read."""

    def __init__(self, turn: Turn, told: Told, answers: Iterator[str], requests: int) -> None:
        self.turn, self.told, self.replays, self.answers = turn, told, told.replays, answers
        self.result: Result = Taking(turn, self, lambda made: made < requests).take()

    def post(self, content: Content) -> Answer:
        answer = Answer(timezone.now(), 0.1, **ANSWERS[next(self.answers)])
        if answer.is_success and content.type != TEST:
            self.told.acknowledge(content.event_id, self.replays)
        return answer

    def has_recorded(self) -> None:
        """What was given up holds up nothing any more."""
        self.told.passed |= {
            attempt.event_id
            for attempt in self.result.attempts
            if attempt.outcome == WebhookAttempt.Outcome.GIVEN_UP
        }
