"""What Acme says to Ada, and what has become of it: in the database, and at Graph."""

from typing import Any

from channels_app.content import Media as Shown
from channels_app.content import StoredFile
from messaging.models import Conversation, Media, Message
from messaging.outbound import submit
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope


def picture(file: Media, caption: str = "") -> Shown:
    stored = StoredFile(id=file.id, mime_type=file.mime_type, size=file.size)
    return Shown(kind="image", file=stored, caption=caption)


def say(conversation: Conversation, *contents: Any) -> None:
    with tenant_scope(conversation.tenant_id):
        for content in contents:
            submit.send(conversation.id, content, origin="staff")


def said(tenant: Tenant) -> list[tuple[str, str]]:
    """(text, status) of what was said to the tenant's contacts, in order."""
    with operator_scope():
        ours = Message.objects.filter(tenant=tenant, direction="outbound").order_by(
            "conversation_id", "seq"
        )
        return list(ours.values_list("text", "status"))


def sent(graph: Any) -> list[dict]:
    """The contents that Graph was given: {"image": {...}} or {"text": {...}}."""
    messages = [entry["message"] for entry in graph.ledger]
    return [{message["type"]: message[message["type"]]} for message in messages]


def through(work: Any, jobs: Any) -> None:
    """Marked and held; asked for; uploaded; released and sent."""
    work()
    work()
    jobs()
    work()
    work()
