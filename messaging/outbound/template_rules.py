"""Validation of a template message against what its provider lists. In the caller's scope."""

from collections.abc import Sequence

from channels_app.content import Content, Fault, FaultCode, Template, Unsendable
from channels_app.events import Ids
from channels_app.models import Channel, MessageTemplate
from channels_app.providers import Provider, Templates
from channels_app.storable import storable_text

NO_ADDRESS = Fault("The contact has no address to write to.", code=FaultCode.NO_ADDRESS)
MARKETING = "marketing"  # a category


def definition_of(content: Content, channel: Channel) -> MessageTemplate | None:
    """Return the template as the channel's tenant knows it."""
    if not isinstance(content, Template):
        return None
    name, language = storable_text(content.name), storable_text(content.language)
    return MessageTemplate.objects.of(channel).filter(name=name, language=language).first()


def is_marketing(definition: MessageTemplate | None) -> bool:
    return definition is not None and definition.category.lower() == MARKETING


def faults_of(
    provider: Provider, content: Content, definition: MessageTemplate | None
) -> Sequence[str]:
    """Return why a template cannot be sent; `compose` refuses those of a provider without any."""
    if not isinstance(content, Template) or not isinstance(provider, Templates):
        return []
    if definition is None:
        sentence = (
            f"The account has no template {content.name!r} in {content.language!r}. Fetch its"
            " templates, or correct the name."
        )
        return [Fault(sentence, "/name", FaultCode.NO_SUCH_TEMPLATE)]
    return provider.template_faults(content, definition.as_listed())


def recipients_of(
    provider: Provider, definition: MessageTemplate | None, ids: Ids
) -> tuple[Ids, Sequence[str]]:
    """Return those of a contact's ids that a message may go to, in order; and why to none."""
    if not ids:
        return (), [NO_ADDRESS]
    if definition is None or not isinstance(provider, Templates):
        return ids, []
    try:
        return provider.template_recipients(definition.as_listed(), ids), []
    except Unsendable as refusal:
        return (), refusal.faults
