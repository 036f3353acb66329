"""Park channels that the provider does not let send, and un-park those that work again."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from channels_app import event_log
from channels_app.event_log import LoggedEvent
from channels_app.models import Channel
from channels_app.providers import MediaError, SendError
from channels_app.redacted import advice_of
from tenants.database import statements
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

UNPARKED = {
    "status": Channel.Status.LIVE,
    "status_reason": "",
    "recovers_by": Channel.Recovery.CHECK,
}
PARK = Path(__file__).parent / "park_channels.sql"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A provider's refusal to let a channel send.

    `status`: what the channel becomes; `reason`: a sentence for the operator; `recovers_by`: one of
    Channel.Recovery; `code`: the provider's, if it gave one.
    """

    channel: Channel
    status: str
    reason: str
    recovers_by: str
    code: str = ""


def park_dead_token(channel: Channel, error: SendError | MediaError) -> None:
    """Park the channel if its token itself was refused, whatever was asked with it: a file, a read
    receipt.

    Any other refusal of something that is no message says nothing about sending.
    """
    if error.parks and error.recovers_by == Channel.Recovery.CHECK:
        park([Refusal(channel, error.parks, str(error), error.recovers_by, error.code)])


def park(refusals: Iterable[Refusal]) -> set[UUID]:
    """Park these channels, unless they got another token meanwhile. A restricted account takes all
    its channels with it.

    Returns the channels of those refusals of which somebody holds a channel locked: they are to be
    parked again.
    """
    latest = {refusal.channel.id: refusal for refusal in refusals}
    if not latest:
        return set()
    with router_scope():
        columns = {
            "ids": list(latest),
            "credentials": [refusal.channel.credentials for refusal in latest.values()],
            "statuses": [refusal.status for refusal in latest.values()],
            "reasons": [refusal.reason for refusal in latest.values()],
            "recoveries": [refusal.recovers_by for refusal in latest.values()],
        }
        rows = statements.run(PARK, columns)
        parked = [row for row in rows if row["is_parked"]]
        event_log.append(
            LoggedEvent.of_channel(row["tenant_id"], row["id"], row["status"], row["reason"])
            for row in parked
        )
    for row in parked:
        log(row, latest)
    return {row["refused_id"] for row in rows if not row["is_parked"]}


def log(row: Mapping[str, Any], refusals: Mapping[UUID, Refusal]) -> None:
    sentence = "Channel %s of tenant %s is parked as %s (code %s): %s"
    refusal = refusals.get(row["id"])
    code = refusal.code if refusal else ""
    logger.error(
        sentence,
        row["id"],
        row["tenant_id"],
        row["status"],
        code or "none",
        advice_of(row["reason"]),
    )


def unpark(channel: Channel, recovery: Channel.Recovery) -> bool:
    """Make a channel live that was parked with this recovery, unless it got another token
    meanwhile.

    Earlier reports about it count no more (`connected_at`). The worker releases its held messages.
    Returns whether the channel was un-parked; one that somebody holds locked is left to the next
    time.
    """
    with router_scope():
        parked = Channel.objects.with_token_of(channel).filter(
            status__in=Channel.PARKED, recovers_by=recovery
        )
        mine = list(
            parked.select_for_update(no_key=True, skip_locked=True).values_list("id", flat=True)
        )
        Channel.objects.filter(id__in=mine).update(**UNPARKED, connected_at=Now())
        event_log.append(
            LoggedEvent.of_channel(channel.tenant_id, id, Channel.Status.LIVE, "") for id in mine
        )
    if mine:
        logger.warning(
            "Channel %s of tenant %s works again and is live.", channel.id, channel.tenant_id
        )
    return bool(mine)
