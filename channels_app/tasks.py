"""What is fetched from providers in the background, as Procrastinate's tasks: each takes ids and may be repeated."""

import time
from collections.abc import Iterable
from uuid import UUID

from procrastinate import BaseRetryStrategy, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from channels_app import checking, leaving, templates
from channels_app.models import Channel
from tenants.deferring import defer
from tenants.scope import router_scope

TRIES = 5
HOUR = 3600  # then the next ones are put in: where Meta is slow they do not pile up
LAST = -20  # thousands at once, every hour: whatever somebody waits for goes before


class WhilePassing(BaseRetryStrategy):
    """Again after 10, 100, ... seconds, a few times: tomorrow all are asked for anyway."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        tried = job.attempts + 1  # with the one that just failed
        if not isinstance(exception, templates.NotFetched) or not exception.is_passing or tried >= TRIES:
            return None
        return RetryDecision(retry_in={"seconds": 10**tried})


@app.task(queue="templates", retry=WhilePassing())
def fetch_templates(tenant_id: str, channel_id: str) -> None:
    templates.fetch(UUID(tenant_id), UUID(channel_id))


def fetch_templates_soon(channels: Iterable[Channel]) -> None:
    """In the caller's transaction: a task for each channel."""
    defer(fetch_templates, *({"tenant_id": str(each.tenant_id), "channel_id": str(each.id)} for each in channels))


@app.periodic(cron="41 2 * * *")
@app.task(queue="upkeep", queueing_lock="fetch_all_templates")
def fetch_all_templates(timestamp: int) -> None:
    with router_scope():
        fetch_templates_soon(templates.one_channel_an_account(Channel.objects.all()))


@app.task(
    queue="checks", priority=LAST, retry=RetryStrategy(max_attempts=3, linear_wait=60, retry_exceptions={checking.NotAsked})
)
def check_channel(tenant_id: str, channel_id: str, until: int = 0) -> None:
    if not until or time.time() < until:
        checking.check(UUID(tenant_id), UUID(channel_id))


def check_soon(channels: Iterable[Channel], *, until: int = 0) -> None:
    """`until`: Unix seconds; what has waited longer is not done any more."""
    told = ({"tenant_id": str(each.tenant_id), "channel_id": str(each.id), "until": until} for each in channels)
    defer(check_channel, *told)


@app.periodic(cron="23 * * * *")
@app.task(queue="upkeep", queueing_lock="check_all_channels")
def check_all_channels(timestamp: int) -> None:
    with router_scope():
        check_soon(checking.to_be_checked().only("tenant_id", "id"), until=int(time.time()) + HOUR)


@app.task(queue="checks", retry=RetryStrategy(max_attempts=10, exponential_wait=3, retry_exceptions={leaving.NotTold}))
def tell_of_leaving(tenant_id: str, channel_id: str, ends_registration: bool) -> None:
    leaving.tell(UUID(tenant_id), UUID(channel_id), ends_registration=ends_registration)


def disconnect(channel: Channel, *, by: str, ends_registration: bool = False) -> bool:
    """In the caller's transaction; False: it was disconnected already."""
    is_ours = leaving.disconnect(channel, by=by)
    if is_ours:
        told = {"tenant_id": str(channel.tenant_id), "channel_id": str(channel.id), "ends_registration": ends_registration}
        defer(tell_of_leaving, told)
    return is_ours
