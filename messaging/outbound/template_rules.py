"""Validation of a template message against what its provider lists. In the caller's scope."""

from typing import Any

from channels_app import providers
from channels_app.content import Content, Template, Unsendable
from channels_app.events import Ids
from channels_app.models import Channel, MessageTemplate
from channels_app.storable import storable_text

MARKETING = "marketing"  # a category
LISTED = ("name", "language", "status", "category", "parameter_format", "components")


def definition_of(content: Content, channel: Channel) -> MessageTemplate | None:
    """Return what is known of the template at the channel's own tenant: another tenant may have the
    same account.
    """
    if not isinstance(content, Template):
        return None
    owned = MessageTemplate.objects.filter(
        tenant=channel.tenant_id, kind=channel.kind, account_id=channel.account_id
    )
    name, language = storable_text(content.name), storable_text(content.language)
    return owned.filter(name=name, language=language).first()


def is_marketing(definition: MessageTemplate | None) -> bool:
    return definition is not None and definition.category.lower() == MARKETING


def faults_of(
    provider: providers.Provider, content: Content, definition: MessageTemplate | None
) -> list[str]:
    if not isinstance(content, Template):
        return []
    if definition is None:
        return [
            f"The account has no template {content.name!r} in {content.language!r}. Fetch its"
            " templates, or correct the name."
        ]
    return provider.template_faults(content, as_listed(definition))


def recipients_of(
    provider: providers.Provider, definition: MessageTemplate | None, ids: Ids
) -> tuple[Ids, list[str]]:
    """Return those of a contact's ids that a message may go to, in their order, and why it may go
    to none of them.
    """
    if definition is None:
        return ids, []
    try:
        return provider.template_recipients(as_listed(definition), ids), []
    except Unsendable as refusal:
        return (), list(refusal.faults)


def as_listed(definition: MessageTemplate) -> dict[str, Any]:
    return {name: getattr(definition, name) for name in LISTED}
