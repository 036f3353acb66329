"""What other people's messages of the same group quote of an erased message."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from messaging.models import Conversation, Message
from messaging.privacy.subject import Subject

ERASED = "erased"  # stands in the provider's form of a message for what it named


def unquote(message_ids: list[UUID], subject: Subject) -> int:
    """Take out of the other messages in the groups of these messages what names them. Returns how
    many were changed.
    """
    erased = Message.objects.filter(id__in=message_ids).exclude(conversation__group_external_id="")
    columns = ("channel_id", "conversation__group_external_id", "external_id")
    groups: dict[tuple[UUID, str], set[str]] = {}
    for channel_id, group, external_id in erased.exclude(external_id=None).values_list(*columns):
        groups.setdefault((channel_id, group), set()).add(external_id)
    return sum(unquote_in(*group, names, subject) for group, names in groups.items())


def unquote_in(channel_id: UUID, group: str, names: set[str], subject: Subject) -> int:
    threads = Conversation.objects.filter(channel=channel_id, group_external_id=group)
    others = Message.objects.filter(conversation__in=threads.values("id"))
    named = Q(quoted_external_id__in=names) | Q(target_external_id__in=names)
    quoting = others.exclude(conversation__in=subject.conversation_ids).filter(named)
    changed = list(quoting.order_by("id").select_for_update(of=("self",), no_key=True))
    for message in changed:
        if message.quoted_external_id in names:
            message.quoted_external_id = ""
        if message.target_external_id in names:
            message.target_external_id = ""
        message.raw = without(message.raw, names.union(subject.values))
    Message.objects.bulk_update(changed, ["quoted_external_id", "target_external_id", "raw"])
    return len(changed)


def without(value: Any, names: set[str]) -> Any:
    """Return the value with a word in place of each of these names."""
    if isinstance(value, dict):
        return {key: without(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [without(inner, names) for inner in value]
    return ERASED if isinstance(value, str) and value in names else value


def strings_in(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings_in(inner)
