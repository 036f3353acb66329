"""The parts of messages as both sides saw them: read by the channel's provider, with the templates
that some are made of looked up together.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from channels_app import providers
from channels_app.message_parts import MessageParts
from channels_app.models import MessageTemplate
from messaging.models import Conversation, Message

Named = tuple[str, str]  # a template's name and language


def parts_of(conversation: Conversation, messages: Sequence[Message]) -> dict[UUID, MessageParts]:
    """Return the parts of each message, by its id; empty ones where the provider reads none."""
    provider = providers.find(conversation.channel.kind)
    if not isinstance(provider, providers.Legible):
        return {message.id: MessageParts() for message in messages}
    used = {
        message.id: named
        for message in messages
        if message.direction == Message.Direction.OUTBOUND
        and (named := provider.template_of(message.raw))
    }
    known = definitions_of(conversation, set(used.values())) if used else {}
    return {
        message.id: provider.parts_of(message.raw, known.get(used.get(message.id, ("", ""))))
        for message in messages
    }


def definitions_of(
    conversation: Conversation, wanted: set[Named]
) -> Mapping[Named, Mapping[str, Any]]:
    names, languages = ({each[place] for each in wanted} for place in (0, 1))
    rows = MessageTemplate.objects.of(conversation.channel).filter(
        name__in=names, language__in=languages
    )
    return {(template.name, template.language): template.as_listed() for template in rows}
