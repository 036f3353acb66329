"""A conversation as it is shown: messages in their order, with what edits, revocations and reactions have made of them.

What was said stays in its row. A change counts in its own conversation only, an edit or a revocation only by who wrote the
message; so one that is aimed elsewhere does nothing, and one that comes before its message counts once that is there.
"""

from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from messaging.models import Conversation, Message, MessageStatus

EDIT, REVOKE, REACTION = "edit", "revoke", "reaction"


@dataclass
class Shown:
    """One message as people see it now. `reactions`: by direction, the newest; `quoted`: the message it answers, if here."""

    message: Message
    text: str
    is_edited: bool = False
    is_revoked: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    quoted: Message | None = None

    def heed(self, change: Message) -> None:
        """Changes come in their order."""
        is_own = change.direction == self.message.direction
        if change.kind == REACTION:
            self.reactions[change.direction] = change.text
        elif change.kind == EDIT and is_own:
            self.text, self.is_edited = change.text, True
        elif change.kind == REVOKE and is_own:
            self.text, self.is_revoked = "", True


def thread(conversation: Conversation, length: int) -> tuple[list[Shown], bool]:
    """The newest messages, oldest first, and whether there are earlier ones."""
    messages = conversation.messages.select_related("attachment").order_by("-seq")
    newest = list(messages.prefetch_related(statuses())[: length + 1])
    shown = {each.external_id or str(each.id): Shown(each, each.text) for each in reversed(newest[:length])}
    aimed = conversation.messages.filter(target_external_id__in=list(shown), kind__in=[EDIT, REVOKE, REACTION])
    changes = list(aimed.order_by("seq"))
    for change in changes:
        shown[change.target_external_id].heed(change)
    for change in changes:
        shown.pop(change.external_id or str(change.id), None)  # it is seen in what it changed
    quoted = {each.external_id: each for each in quoted_in(conversation, shown)}
    for each in shown.values():
        each.quoted = quoted.get(each.message.quoted_external_id)
        each.reactions = {who: emoji for who, emoji in each.reactions.items() if emoji}
    return list(shown.values()), len(newest) > length


def statuses() -> Prefetch:
    return Prefetch("statuses", MessageStatus.objects.order_by("occurred_at", "recorded_at"))


def quoted_in(conversation: Conversation, shown: dict[str, Shown]) -> QuerySet[Message]:
    wanted = {each.message.quoted_external_id for each in shown.values()} - {""}
    return conversation.messages.filter(channel=conversation.channel_id, external_id__in=wanted)
