"""Prove a token that somebody entered: the channel is live once its provider shows the channel to
whoever has the token.

A new channel waits as pending until then, a parked one stays parked (see Channel.await_proof). A
channel that is live goes on, and is parked if the token is refused. Whatever keeps a channel from
being live is its `status_reason`.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models.functions import Now
from django.utils import timezone

from channels_app import event_log
from channels_app.event_log import LoggedEvent
from channels_app.lifecycle import health_check
from channels_app.lifecycle.health_check import NotAsked
from channels_app.lifecycle.parking import UNPARKED
from channels_app.models import Channel
from channels_app.providers import HealthReport
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

Connect = Callable[[Channel], bool]  # returns whether no other tenant has the number

PROVABLE = (Channel.Status.PENDING, *Channel.ROUTABLE)
TAKEN = (
    "The number is connected under another tenant. Disconnect it there first, then set this channel"
    " live."
)
NOT_SHOWN = "The provider does not show the channel to who has this token."


def make_live(channel: Channel) -> bool:
    """Make a pending channel live, unless it got another token meanwhile. Returns whether no other
    tenant has its number.
    """
    try:
        with tenant_scope(channel.tenant_id):
            is_done = (
                Channel.objects.with_token_of(channel)
                .filter(status=Channel.Status.PENDING)
                .update(**UNPARKED, connected_at=Now())
            )
            if is_done:
                live = Channel.Status.LIVE
                event_log.append([LoggedEvent.of_channel(channel.tenant_id, channel.id, live, "")])
    except IntegrityError:
        return False
    if is_done:
        logger.info("Channel %s is live: its provider accepts its token.", channel.id)
    return True


def prove(tenant_id: UUID, channel_id: UUID, connect: Connect = make_live) -> None:
    """Ask the provider with the channel's token, and make the channel live if it accepts it.
    `connect`: how a pending one comes to be live. Raises NotAsked.
    """
    with tenant_scope(tenant_id):
        channel = (
            Channel.objects.filter(id=channel_id, status__in=PROVABLE)
            .exclude(credentials="")
            .first()
        )
    if channel is None:  # it was given up meanwhile
        return
    asked_at = timezone.now()
    try:
        found = health_check.ask(channel)
    except NotAsked as reason:
        explain(channel, f"The provider could not be asked yet, and is asked again: {reason}")
        raise
    conclude(channel, found, asked_at, connect)


def conclude(
    channel: Channel, found: HealthReport, asked_at: datetime, connect: Connect = make_live
) -> None:
    is_taken = (
        found.is_working and channel.status == Channel.Status.PENDING and not connect(channel)
    )
    if is_taken:
        found = replace(found, faults=(TAKEN, *found.faults))
    health_check.record(channel, found, asked_at)  # un-parks what works, and parks what is refused
    if is_taken or not found.is_working:
        explain(channel, found.faults[0] if found.faults else NOT_SHOWN)


def explain(channel: Channel, reason: str) -> None:
    """Store the reason why the channel is not live."""
    with tenant_scope(channel.tenant_id):
        waiting = Channel.objects.with_token_of(channel).filter(
            status__in=(Channel.Status.PENDING, *Channel.PARKED)
        )
        waiting.update(status_reason=reason[:500])
