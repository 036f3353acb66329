"""What Meta posts for people who take something back: our app's permissions, or what we have of them. Looks over all tenants.

The person is who gave a token; Meta's id of them is all that is kept of them, beside the numbers that they connected.
"""

import secrets

from django.utils import timezone

from channels_app.models import Channel
from channels_app.parking import Refusal, park
from tenants.scope import operator_scope
from whatsapp.connected import KIND
from whatsapp.errors import NEEDS_REAUTH
from whatsapp.models import Deletion, Signup

REMOVED = "The person who connected the number has removed our app at Meta: connect it again."


def deauthorize(user_id: str) -> int:
    """The channels that this person's tokens connected send nothing more; how many. What is unfinished loses its token."""
    if not user_id:
        return 0
    with operator_scope():
        theirs = list(Signup.objects.filter(granted_by=user_id))
        Signup.objects.filter(granted_by=user_id).exclude(credentials="").update(credentials="", status=Signup.Status.FAILED)
        numbers = {(each.tenant_id, number["id"]) for each in theirs for number in each.numbers}
        live = Channel.objects.filter(kind=KIND, status=Channel.Status.LIVE, external_id__in={id for _, id in numbers})
        connected = [each for each in live if (each.tenant_id, each.external_id) in numbers and giver_of(each) == user_id]
    park(Refusal(channel, NEEDS_REAUTH, REMOVED, Channel.Recovery.RECONNECT) for channel in connected)
    return len(connected)


def giver_of(channel: Channel) -> str | None:
    """Whose token the channel has: somebody else may have connected it again since. Within operator_scope."""
    stored = Signup.objects.filter(tenant=channel.tenant_id, numbers__contains=[{"id": channel.external_id}])
    newest = stored.filter(steps__store__failed=False).order_by("-created_at")
    return newest.values_list("granted_by", flat=True).first()


def delete(user_id: str) -> Deletion:
    """What we have of this person goes at once; what stays is that it was asked for and done."""
    deauthorize(user_id)
    with operator_scope():
        Signup.objects.filter(granted_by=user_id).exclude(granted_by="").update(granted_by="")
        return Deletion.objects.create(code=secrets.token_urlsafe(16), done_at=timezone.now())


def deletion(code: str) -> Deletion | None:
    with operator_scope():
        return Deletion.objects.filter(code=code).first()
