"""Channels that must be repaired before they send again."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from channels_app.models import Channel
from tenants import statements
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

PARK = Path(__file__).parent / "park_channels.sql"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A provider's word that a channel cannot send: the status that the channel takes, and a sentence for the operator."""

    channel: Channel
    status: str
    reason: str


def park(refusals: Iterable[Refusal]) -> set[UUID]:
    """Stop these channels, unless they got another token meanwhile; a restricted account takes all its channels with it.

    Returns the channels that somebody holds locked: they are to be parked again.
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
        }
        rows = statements.run(PARK, columns)
    for row in rows:
        if row["is_parked"]:
            logger.error("Channel %s is parked: it must be repaired before it sends again.", row["id"])
    return {row["id"] for row in rows if not row["is_parked"]} & set(latest)
