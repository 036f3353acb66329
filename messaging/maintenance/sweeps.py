"""Periodic sweeps that repair what a crash, an outage or a race left behind, each in a transaction
of its own.

Any worker may run any sweep; none runs one that another is running.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from channels_app.models import Channel
from messaging import sql
from messaging.maintenance import waiting_statuses
from messaging.media import tasks
from messaging.models import (
    ChannelProbe,
    MediaUpload,
    Message,
    Resend,
    ThreadOrder,
)
from messaging.outbound.outcomes import give_up_waiting
from messaging.outbound.retry import RESENT_WITHIN
from tenants.scope import router_scope


def give_up_orders() -> None:
    """Mark orders about threads as unknown whose answer never came."""
    ThreadOrder.objects.give_up(unknown_after=timedelta(seconds=settings.UNKNOWN_AFTER_SECONDS))


def release() -> None:
    """Requeue held messages whose channel or tenant works again. Outdated ones are expired when
    they are marked.
    """
    Message.objects.release()


def probe() -> None:
    """Try each channel that a refused message parked with one of its held messages, once an
    hour.
    """
    ChannelProbe.objects.begin()


def match_statuses() -> None:
    """Match statuses that arrived before the id of their message was known."""
    waiting_statuses.match_latest()


def requeue_routable() -> None:
    """Requeue deliveries that waited for a channel which is connected now."""
    sql.run("channels/requeue_routable", routable=[status.value for status in Channel.ROUTABLE])


def resend() -> None:
    """Send messages of unknown outcome once more, where their tenant wants it."""
    Resend.objects.by_policy(
        since=timezone.now() - RESENT_WITHIN, unknown_for=settings.UNKNOWN_AFTER_SECONDS
    )


def upload() -> None:
    """Order uploads of the files that messages wait for."""
    tasks.upload_soon(MediaUpload.objects.wanted())


Sweep = Callable[[], None]
SWEEPS: tuple[Sweep, ...] = (
    give_up_waiting,
    give_up_orders,
    release,
    probe,
    match_statuses,
    requeue_routable,
    resend,
    upload,
)


def run_sweep(sweep: Sweep) -> None:
    """Run the sweep, unless another process is running it. Its lock has the name that earlier
    releases give it.
    """
    with router_scope():
        if sql.run("monitoring/is_mine", work=f"messaging.healing.{sweep.__name__}")[0]["mine"]:
            sweep()
