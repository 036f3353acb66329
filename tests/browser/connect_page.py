"""The words on the connect page, and what has come of it."""

from channels_app.models import Channel
from tenants.scope import operator_scope
from whatsapp.models import Signup

CONNECT, OWN_PAGE = "Connect with Meta", "Continue on Meta's own page"
DIALLED, RECONNECT = "46700000000", "Reconnect +46700000000"


def signups() -> list[Signup]:
    with operator_scope():
        return list(Signup.objects.order_by("created_at"))


def channels() -> list[tuple[str, str, str]]:
    with operator_scope():
        return [
            (each.tenant.slug, each.external_id, each.status)
            for each in Channel.objects.select_related("tenant")
        ]
