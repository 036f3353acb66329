"""Background tasks that ask providers: each takes ids and may be repeated."""

import logging
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from procrastinate import BaseRetryStrategy, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from channels_app import template_sync
from channels_app.lifecycle import disconnection, health_check, moving, proving
from channels_app.models import Channel
from tenants.deferring import defer
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

# the last for half a day: nobody asks later of a channel that was never live
TRIES, CHECK_TRIES, PROOF_TRIES = 5, 3, 10
MINUTES = 60  # over which the hourly checks are spread
HOUR = MINUTES * 60  # then the next ones are put in: where a provider is slow they do not pile up
MANY = -10  # one an account every night: whatever somebody waits for goes before
LAST = -20  # thousands at once, every hour: whatever somebody waits for goes before


class WhilePassing(BaseRetryStrategy):
    """Retry after 10, 100, ... seconds, a few times. The daily run asks for all templates again."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        tried = job.attempts + 1  # with the one that just failed
        if (
            not isinstance(exception, template_sync.NotFetched)
            or not exception.is_passing
            or tried >= TRIES
        ):
            return None
        return RetryDecision(retry_in={"seconds": 10**tried})


@app.task(queue="templates", priority=MANY, retry=WhilePassing())
def fetch_templates(tenant_id: str, channel_id: str) -> None:
    template_sync.fetch(UUID(tenant_id), UUID(channel_id))


def fetch_templates_soon(channels: Iterable[Channel]) -> None:
    """Put in a task for each channel, in the caller's transaction."""
    defer(fetch_templates, *map(named, channels))


@app.periodic(cron="41 2 * * *")
@app.task(queue="upkeep", queueing_lock="fetch_all_templates")
def fetch_all_templates(timestamp: int) -> None:
    with router_scope():
        fetch_templates_soon(template_sync.one_channel_an_account(Channel.objects.all()))


@app.task(
    queue="checks",
    priority=LAST,
    retry=RetryStrategy(
        max_attempts=CHECK_TRIES, linear_wait=60, retry_exceptions={health_check.NotAsked}
    ),
)
def check_channel(tenant_id: str, channel_id: str, until: int = 0) -> None:
    """Check the channel. `until` is what earlier releases put in for an hourly check: Unix seconds,
    after which it is skipped.
    """
    if not until or time.time() < until:
        health_check.check(UUID(tenant_id), UUID(channel_id))


def check_soon(channels: Iterable[Channel]) -> None:
    """Put in a check of each channel that somebody asked for, in the caller's transaction."""
    defer(check_channel, *map(named, channels))


@app.task(
    queue="checks",
    retry=RetryStrategy(
        max_attempts=PROOF_TRIES, exponential_wait=3, retry_exceptions={health_check.NotAsked}
    ),
)
def prove_channel(tenant_id: str, channel_id: str) -> None:
    proving.prove(UUID(tenant_id), UUID(channel_id))


def prove_soon(channel: Channel) -> None:
    """Put in the proof of a token that was just entered, in the caller's transaction."""
    defer(prove_channel, named(channel))


@app.task(
    queue="checks",
    retry=RetryStrategy(
        max_attempts=PROOF_TRIES, exponential_wait=3, retry_exceptions={health_check.NotAsked}
    ),
)
def move_channel(tenant_id: str, channel_id: str, by_user_id: str) -> None:
    moving.prove_and_move(UUID(tenant_id), UUID(channel_id), UUID(by_user_id))


def move_soon(channel: Channel, *, by_user_id: UUID) -> None:
    """Put in the proof of a channel that takes its number over, in the caller's transaction."""
    defer(move_channel, {**named(channel), "by_user_id": str(by_user_id)})


@app.task(queue="checks", priority=LAST)
def check_channel_hourly(tenant_id: str, channel_id: str, until: int) -> None:
    """Check the channel once, before `until` (Unix seconds). A check that is late or fails is left
    to the next hour's.
    """
    if time.time() >= until:
        return
    try:
        health_check.check(UUID(tenant_id), UUID(channel_id))
    except health_check.NotAsked:
        logger.info("Channel %s could not be checked; it is checked again in an hour.", channel_id)


@app.periodic(cron="23 * * * *")
@app.task(queue="upkeep", queueing_lock="check_all_channels")
def check_all_channels(timestamp: int) -> None:
    """Put in a check of each channel, spread evenly over the coming hour."""
    with router_scope():
        channels = list(health_check.to_be_checked().only("tenant_id", "id"))
        for minute in range(min(MINUTES, len(channels))):
            until = int(time.time()) + minute * 60 + HOUR
            arguments = [
                {**named(channel), "until": until} for channel in channels[minute::MINUTES]
            ]
            check_channel_hourly.configure(schedule_in={"minutes": minute}).batch_defer(*arguments)


def named(channel: Channel) -> dict[str, Any]:
    return {"tenant_id": str(channel.tenant_id), "channel_id": str(channel.id)}


@app.task(
    queue="checks",
    retry=RetryStrategy(
        max_attempts=10, exponential_wait=3, retry_exceptions={disconnection.NotReported}
    ),
)
def tell_of_leaving(tenant_id: str, channel_id: str, ends_registration: bool) -> None:
    disconnection.report(UUID(tenant_id), UUID(channel_id), ends_registration=ends_registration)


def disconnect(channel: Channel, *, by: str, ends_registration: bool = False) -> bool:
    """Disconnect the channel in the caller's transaction. Returns False if it was disconnected
    already.
    """
    is_ours = disconnection.disconnect(channel, by=by)
    if is_ours:
        defer(tell_of_leaving, {**named(channel), "ends_registration": ends_registration})
    return is_ours
