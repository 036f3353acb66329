"""Settle by hand what no status settles: whether a message of unknown outcome arrived."""

from collections.abc import Iterable
from uuid import UUID

from channels_app import event_log
from messaging import sql
from messaging.logged.messages import of_statuses
from messaging.models import Message, Settlement

Status = Message.Status


def settle_unknown(message_ids: Iterable[UUID], *, has_arrived: bool, by: str) -> list[UUID]:
    """Settle messages of unknown outcome as sent, or as failed, by the word of `by`. Returns the
    ids of those that nothing had settled before.
    """
    status = Status.SENT if has_arrived else Status.FAILED
    moved = Settlement.objects.order(message_ids, status, by)
    ids = [each.id for each in moved]
    sql.run("messages/next_in_line", ids=ids)
    event_log.append(of_statuses(moved))
    return ids
