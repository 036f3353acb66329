"""After the database failed over to a server that lacks the last commits: what may have been sent
by the one that is gone is not sent again.
"""

from datetime import datetime
from uuid import UUID

from channels_app import event_log
from messaging import sql
from messaging.logged.messages import of_statuses
from messaging.models import Attempt, Message
from messaging.models.moved import Moved
from messaging.models.outcome import Outcome
from tenants.models.uuid7 import first_id_at

MAY_HAVE_LEFT = "It may have been sent shortly before the database failed over."


def took_over_at() -> datetime | None:
    """Return when the last transaction was committed that this server has of the one before it;
    None where it does not know.
    """
    (row,) = sql.run("monitoring/last_replayed")
    return row["moment"]


def uncertain(before: datetime, *, at_most: int | None = None) -> list[UUID]:
    """Return messages that wait, though they may have been sent before that moment; they are
    locked. Within the operator's scope.
    """
    found = sql.run("messages/uncertain_messages", before=first_id_at(before), at_most=at_most)
    return [row["id"] for row in found]


def doubt(ids: list[UUID]) -> None:
    """Mark these waiting messages, which are locked, as unknown: a status settles them, or an
    operator. What waits behind them is due. Within the operator's scope.
    """
    rows = sql.run("messages/doubt_messages", ids=ids, error=MAY_HAVE_LEFT)
    unknown = Message.Status.UNKNOWN.value
    Attempt.objects.record(
        [
            Outcome(
                message_id=row["id"],
                attempt=row["attempts"],
                status=unknown,
                error=MAY_HAVE_LEFT,
            )
            for row in rows
        ]
    )
    sql.run("messages/next_in_line", ids=ids)
    moved = ({name: row[name] for name in row if name != "attempts"} for row in rows)
    event_log.append(of_statuses(Moved(**each) for each in moved))
