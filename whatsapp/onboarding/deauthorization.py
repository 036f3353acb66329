"""Handle Meta's deauthorize and data deletion callbacks. They concern all tenants.

The person is who gave a token; Meta's id of them is all that is kept of them, beside the numbers
that they connected.
"""

import secrets
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from channels_app.lifecycle.parking import Refusal, park
from channels_app.models import Channel
from tenants import encryption
from tenants.scope import operator_scope
from whatsapp.errors.meaning import NEEDS_REAUTH
from whatsapp.models import Deletion, Signup
from whatsapp.onboarding.channels import KIND

REMOVED = "The person who connected the number has removed our app at Meta: connect it again."
PURPOSE = "deletions"
TRIES, PAUSE_SECONDS = 10, 0.2  # whoever locks a channel asks no network meanwhile


class StillLocked(Exception):
    """Somebody holds a channel locked that is to be parked: ask again."""


def deauthorize(user_id: str, asked_at: datetime) -> int:
    """The channels that this person's tokens had connected by then send nothing more; how many.
    What was unfinished loses its token. What they connected since stays as it is: Meta, or a
    stranger, may repeat an old request. Raises StillLocked.
    """
    if not user_id:
        return 0
    since = asked_at + timedelta(seconds=1)  # Meta tells whole seconds
    with operator_scope():
        theirs = list(Signup.objects.filter(granted_by=user_id))
        unfinished = Signup.objects.filter(granted_by=user_id, created_at__lt=since).exclude(
            credentials=""
        )
        unfinished.update(credentials="", status=Signup.Status.FAILED)
        numbers = {(each.tenant_id, number["id"]) for each in theirs for number in each.numbers}
        live = Channel.objects.filter(
            kind=KIND, status=Channel.Status.LIVE, external_id__in={id for _, id in numbers}
        )
        live = live.exclude(connected_at__gte=since)
        connected = [
            each
            for each in live
            if (each.tenant_id, each.external_id) in numbers and giver_of(each) == user_id
        ]
    park_all(
        Refusal(channel, NEEDS_REAUTH, REMOVED, Channel.Recovery.RECONNECT) for channel in connected
    )
    return len(connected)


def park_all(refusals: Iterable[Refusal]) -> None:
    """Park each channel, also one that somebody holds locked for a moment. Raises StillLocked."""
    waiting = list(refusals)
    for _ in range(TRIES):
        locked = park(waiting)
        waiting = [refusal for refusal in waiting if refusal.channel.id in locked]
        if not waiting:
            return
        time.sleep(PAUSE_SECONDS)
    raise StillLocked


def giver_of(channel: Channel) -> str | None:
    """Whose token the channel has: somebody else may have connected it again since. Within
    operator_scope.
    """
    stored = Signup.objects.filter(
        tenant=channel.tenant_id, numbers__contains=[{"id": channel.external_id}]
    )
    newest = stored.filter(steps__store__failed=False).order_by("-created_at")
    return newest.values_list("granted_by", flat=True).first()


def delete(user_id: str, asked_at: datetime) -> Deletion:
    """What we have of this person goes at once, also what came since they asked; what stays is that
    it was asked for and done. A request that comes again changes nothing. Raises StillLocked.
    """
    hashes = encryption.keyed_hashes(f"{user_id} {asked_at.isoformat()}", PURPOSE)
    with operator_scope():
        done = Deletion.objects.filter(request_hash__in=hashes).first()
    if done:
        return done
    deauthorize(user_id, timezone.now())
    with operator_scope():
        Signup.objects.filter(granted_by=user_id).exclude(granted_by="").update(granted_by="")
        given = {"code": secrets.token_urlsafe(16), "done_at": timezone.now()}
        return Deletion.objects.get_or_create(request_hash=hashes[0], defaults=given)[0]


def deletion(code: str) -> Deletion | None:
    with operator_scope():
        return Deletion.objects.filter(code=code).first()
