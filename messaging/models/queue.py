"""The table of messages as the queue of outbound/dispatch.py: lease, mark, settle, release."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from messaging import sql
from messaging.models.moved import Moved
from messaging.models.outcome import Outcome
from tenants.database import insertion
from tenants.models import TenantManager

HELD = datetime(9999, 1, 1, tzinfo=UTC)  # `due_at` of a held message: when somebody releases it
UNANSWERED = "The provider was asked to send it, and no answer was recorded."


class SendingQueue(TenantManager[Any]):
    def queue(self, messages: list[Any]) -> None:
        """Store messages that are due at once, by the database's clock, or once those before them
        in their conversations have left.
        """
        if not messages:
            return
        insertion.insert(messages, due_at="statement_timestamp()")
        sql.run("messages/wait_behind", ids=[message.id for message in messages])

    def channels_in_turn(self, *, after: UUID, at_most: int, full: list[UUID]) -> list[Mapping]:
        """Return the channels from `after` on that have something to send now and may send it:
        channel_id, tenant_id, is_paced.
        """
        return sql.run("channels/channels_in_turn", after=after, at_most=at_most, full=full)

    def lease(
        self,
        channel_ids: list[UUID],
        *,
        lease: UUID,
        at_most: int,
        room: list[int],
        seconds: float,
        over_after: float,
    ) -> tuple[list[Any], int]:
        """Lease messages of each claimed channel, as many as its pace and this process's `room` for
        it allow: the first of each conversation. Returns them, and how many others were due and are
        to wait behind the first.
        """
        if not channel_ids:
            return [], 0
        share = max(1, at_most // len(channel_ids))
        limits = {"channel_ids": channel_ids, "room": room, "share": share, "at_most": at_most}
        rows = sql.run(
            "messages/lease_messages", lease=lease, seconds=seconds, over_after=over_after, **limits
        )
        leased = [self.model(**row) for row in rows if row["lease"]]
        return leased, len(rows) - len(leased)

    def mark(
        self,
        ids: list[UUID],
        *,
        lease: UUID,
        unknown_after: float,
        windowed: list[str],
        exempt: list[str],
    ) -> list[tuple[Any, str]]:
        """Decide right before their POST what becomes of them: sending, held, expired, cancelled.

        `windowed` and `exempt`: see outbound/window.py. Returns each with the provider's id of its
        file.
        """
        rows = sql.run(
            "messages/mark_messages",
            ids=ids,
            lease=lease,
            unknown_after=unknown_after,
            windowed=windowed,
            exempt=exempt,
        )
        if set_aside := [row["id"] for row in rows if row["status"] not in ("sending", "queued")]:
            sql.run("messages/next_in_line", ids=set_aside)
        return [(self.marked(**row), row["file_id"]) for row in rows]

    def marked(self, *, raw: str | None, file_id: str, **row: Any) -> Any:
        return self.model(raw=json.loads(raw) if raw else None, **row)

    def unlease(self, lease: UUID) -> None:
        """Give back messages that were leased and not marked."""
        sql.run("messages/unlease_messages", lease=lease)

    def lock(self, ids: Iterable[UUID]) -> None:
        """Lock messages until the end of the transaction: before their statuses and attempts."""
        sql.run("messages/lock_messages", ids=list(ids))

    def settle(self, outcomes: list[Outcome]) -> list[Moved]:
        """Record the outcomes of these POSTs, whose messages are locked; an outcome counts for its
        own attempt only. Returns the messages that have moved.
        """
        columns = (
            "message_id",
            "attempt",
            "status",
            "external_id",
            "error_code",
            "error",
            "retry_in",
        )
        arrays = {column: [getattr(outcome, column) for outcome in outcomes] for column in columns}
        rows = sql.run("messages/settle_messages", **arrays)
        sql.run("messages/next_in_line", ids=arrays["message_id"])
        return [Moved(**row) for row in rows]

    def lost(self, *, unknown_after: float) -> list[Outcome]:
        """Return an unknown outcome for each message whose answer never came: it may have been
        sent. The messages are locked.
        """
        rows = sql.run("messages/lost_messages", unknown_after=unknown_after)
        return [Outcome(status="unknown", error=UNANSWERED, **row) for row in rows]

    def release(self) -> int:
        """Requeue held messages whose channel works again and whose tenant is active. Stale ones
        expire when they are marked.
        """
        channel_ids = self.channels_holding()
        return len(sql.run("messages/release_messages", channel_ids=channel_ids))

    def channels_holding(self) -> list[UUID]:
        """Return the channels that have held messages."""
        return [row["channel_id"] for row in sql.run("channels/channels_holding")]
