"""An endpoint's turn: which of its events are sent now, and what each answer makes of them. There
is no database here.

First comes what was set aside and is to be tried again, then what follows the cursor. An event
whose stream has something set aside is set aside behind it, so no event overtakes an earlier one of
its stream.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from uuid_utils.compat import uuid7

from channels_app.event_log import LoggedEvent
from messaging.models import WebhookAttempt, WebhookEndpoint, WebhookSetAside
from messaging.models.webhook_endpoint import MOST_SET_ASIDE
from messaging.outgoing_webhooks import retry
from messaging.outgoing_webhooks.bodies import Content, content_of
from messaging.outgoing_webhooks.posting import Answer

Outcome = WebhookAttempt.Outcome


class Posts(Protocol):
    def post(self, content: Content) -> Answer: ...


@dataclass(frozen=True)
class Turn:
    """A leased endpoint, and what it may be sent.

    `set_aside`: all of its events that are, each stream in order; `contents`: those of them that
    are to be tried again, by their event's id; `lost`: rows of those whose event was deleted.
    `events`: what follows the cursor.
    """

    endpoint: WebhookEndpoint
    secrets: tuple[str, ...]
    set_aside: list[WebhookSetAside]
    contents: dict[UUID, Content]
    lost: list[UUID]
    events: list[LoggedEvent]


@dataclass
class Result:
    """What a turn has changed, recorded in one transaction.

    `finished`: the rows of what was set aside that is delivered or given up; `given_up_from`: when
    the last one that was given up had failed first. `kept`: the events that are set aside anew or
    again, each with the seconds until its next try; None: it waits behind another.
    """

    position: int
    failures: int
    is_slow: bool
    attempts: list[WebhookAttempt] = field(default_factory=list)
    finished: list[UUID] = field(default_factory=list)
    kept: list[tuple[WebhookSetAside, float | None]] = field(default_factory=list)
    has_succeeded: bool = False
    is_gone: bool = False
    given_up_from: datetime | None = None
    rest: float = 0.0


class Taking:
    """A turn under way. `has_time`: whether another request may begin, after so many."""

    def __init__(self, turn: Turn, poster: Posts, has_time: Callable[[int], bool]) -> None:
        self.turn, self.poster, self.has_time = turn, poster, has_time
        endpoint = turn.endpoint
        self.result = Result(endpoint.position, endpoint.failures, endpoint.is_slow)
        self.result.finished.extend(turn.lost)
        # also of what was given up: until that is recorded, another process may still deliver it
        self.failed: set[UUID] = set()

    def take(self) -> Result:
        self.try_again()
        self.go_on()
        return self.result

    def try_again(self) -> None:
        """Send what is to be tried again, of each stream until something fails."""
        for row in self.turn.set_aside:
            if row.event_id not in self.turn.contents or row.stream_id in self.failed:
                continue
            if not self.may_go_on():
                return
            if self.is_delivered(row, self.turn.contents[row.event_id]):
                self.result.finished.append(row.id)
            else:
                self.failed.add(row.stream_id)

    def go_on(self) -> None:
        """Send what follows the cursor, and move it, until something keeps it where it is."""
        finished = set(self.result.finished)
        waiting = [row for row in self.turn.set_aside if row.id not in finished]
        blocked = {row.stream_id for row in waiting} | self.failed
        room = MOST_SET_ASIDE - len(waiting)
        for event in self.turn.events:
            if self.turn.endpoint.wants(event.type):
                if room < 1 or self.result.is_gone:
                    return
                if event.stream_id in blocked:
                    self.result.kept.append((row_of(event), None))
                    room -= 1
                elif not self.may_go_on():
                    return
                elif not self.is_delivered(row_of(event), content_of(event)):
                    if self.result.is_gone:
                        return
                    blocked.add(event.stream_id)
                    room -= 1
            self.result.position = cast(int, event.position)

    def may_go_on(self) -> bool:
        is_over = self.result.is_gone or self.result.rest > 0
        return not is_over and self.has_time(len(self.result.attempts))

    def is_delivered(self, row: WebhookSetAside, content: Content) -> bool:
        """Send an event, and note what the answer makes of it and of its endpoint."""
        answer, result = self.poster.post(content), self.result
        result.is_slow, result.is_gone = answer.is_slow, answer.is_gone
        row.tries += 1
        if answer.is_success:
            result.failures, result.has_succeeded, result.given_up_from = 0, True, None
            outcome = Outcome.DELIVERED
        elif answer.is_gone:  # it is sent again once the endpoint is enabled
            outcome = Outcome.FAILED
        else:
            outcome = self.fail(row, answer)
        result.attempts.append(attempt_of(row, content, answer, outcome))
        return answer.is_success

    def fail(self, row: WebhookSetAside, answer: Answer) -> Outcome:
        """Set a failed event aside, or give it up after its last try. A test event has one."""
        if row.is_test:
            self.result.finished.append(row.id)
            return Outcome.GIVEN_UP
        if row.tries == 1:  # one event that fails again and again is no sign of a failing endpoint
            self.result.failures += 1
        self.result.rest = retry.rest_after(
            self.result.failures,
            status=answer.status,
            timed_out=answer.timed_out,
            retry_after=answer.retry_after,
        )
        retry_in = retry.seconds_until_retry(row.tries)
        if retry_in is not None:
            self.result.kept.append((row, max(retry_in, self.result.rest)))
            return Outcome.FAILED
        self.result.finished.append(row.id)
        self.result.given_up_from = max(self.result.given_up_from or row.created_at, row.created_at)
        return Outcome.GIVEN_UP


def row_of(event: LoggedEvent) -> WebhookSetAside:
    return WebhookSetAside(
        event_id=event.id, stream_id=event.stream_id, position=event.position, tries=0
    )


def attempt_of(
    row: WebhookSetAside, content: Content, answer: Answer, outcome: Outcome
) -> WebhookAttempt:
    return WebhookAttempt(
        id=uuid7(),
        event_id=row.event_id,
        type=content.type,
        number=row.tries,
        outcome=outcome,
        http_status=answer.status,
        error=answer.error,
        duration_ms=round(answer.seconds * 1000),
        answer=answer.text,
        at=answer.at,
    )
