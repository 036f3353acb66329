"""What heals by itself, a step a transaction. Any worker may take any step; nobody takes one that another is taking."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from channels_app.models import Channel
from messaging import sql
from messaging.media import tasks
from messaging.models import ChannelProbe, ErasedMessage, MediaUpload, Message, MessageStatus, Resend
from messaging.outbound.outcomes import give_up_waiting
from tenants.scope import operator_scope, router_scope

RESENT_WITHIN = timedelta(days=1)


def release() -> None:
    """Held messages whose reason is gone are due; the stale ones expire at their mark."""
    Message.objects.release()


def probe() -> None:
    """Each channel that a refused message parked is tried with one of its held messages, once an hour."""
    ChannelProbe.objects.begin()


def match_statuses() -> None:
    """Statuses that crossed with the id they were waiting for."""
    MessageStatus.objects.match_all_waiting()


def requeue_routable() -> None:
    """Deliveries that waited for a channel which is connected now are due again."""
    sql.run("channels/requeue_routable", routable=[status.value for status in Channel.ROUTABLE])


def resend() -> None:
    """Messages of unknown outcome leave once more, where their tenant wants it."""
    Resend.objects.by_policy(since=timezone.now() - RESENT_WITHIN, unknown_for=settings.UNKNOWN_AFTER_SECONDS)


def upload() -> None:
    """Files that messages wait for are asked to be uploaded."""
    tasks.upload_soon(MediaUpload.objects.wanted())


def forget() -> None:
    """Statuses of nobody's messages, and hashes that no repetition can match any more."""
    MessageStatus.objects.expire_orphans()
    ErasedMessage.objects.forget()


Step = Callable[[], None]
STEPS: dict[Step, Callable[[], AbstractContextManager[None]]] = {
    give_up_waiting: router_scope,
    release: router_scope,
    probe: router_scope,
    match_statuses: router_scope,
    requeue_routable: router_scope,
    resend: router_scope,
    upload: router_scope,
    forget: operator_scope,  # the pipeline's own role deletes nothing
}


def heal(step: Step) -> None:
    with STEPS[step]():
        if sql.run("monitoring/is_mine", work=f"messaging.healing.{step.__name__}")[0]["mine"]:
            step()
