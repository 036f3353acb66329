"""The thread of a conversation as people see it: messages in order, with edits, revocations and
reactions applied.

Rows keep what was said. A change applies in its own conversation only, and an edit or a revocation
only if the message's author made it; so a change that is aimed elsewhere does nothing, and one that
comes before its message applies once that is there. Changes apply in the order in which they were
made; nothing changes the words of a revoked message.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet

from messaging.models import Conversation, Message, MessageStatus
from messaging.next_steps import next_step

CHANGES = EDIT, REVOKE, REACTION = "edit", "revoke", "reaction"
UNSENT = (Message.Status.FAILED, Message.Status.EXPIRED, Message.Status.CANCELLED)


@dataclass
class Shown:
    """A message as people see it now. `reactions`: the newest one of each direction; `quoted`: the
    message that it answers, if it is in this conversation.
    """

    message: Message
    text: str
    is_edited: bool = False
    is_revoked: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    quoted: "Shown | None" = None

    @property
    def next_step(self) -> str:
        """What an operator can do about the message; empty where there is nothing to do, as for a
        message on its way.
        """
        return (
            next_step(self.message)
            if self.message.needs_attention or self.message.unanswered
            else ""
        )

    def apply(self, change: Message) -> None:
        """Apply a change to the message. Changes must come in their order."""
        is_own = change.direction == self.message.direction
        if change.kind == REACTION:
            self.reactions[change.direction] = change.text
        elif change.kind == EDIT and is_own and not self.is_revoked:
            self.text, self.is_edited = change.text, True
        elif change.kind == REVOKE and is_own:
            self.text, self.is_revoked = "", True


def thread(conversation: Conversation, length: int) -> tuple[list[Shown], bool]:
    """Return the newest messages, oldest first, and whether there are earlier ones.

    Changes are applied to what they change. Those whose target is among the messages are not shown
    a second time.
    """
    messages, has_earlier = newest_of(conversation, length)
    items = {
        key(message): Shown(message, message.text)
        for message in [*quoted_in(conversation, messages), *messages]
    }
    changes = list(changes_of(conversation, items))
    for change in changes:
        items[change.target_external_id].apply(change)
    for item in items.values():
        item.quoted = items.get(item.message.quoted_external_id)
        item.reactions = {who: emoji for who, emoji in item.reactions.items() if emoji}
    visible = {key(message) for message in messages}
    applied = {key(change) for change in changes if change.target_external_id in visible}
    return [items[key(message)] for message in messages if key(message) not in applied], has_earlier


def newest_of(conversation: Conversation, length: int) -> tuple[list[Message], bool]:
    messages = conversation.messages.filter(tenant=conversation.tenant_id).order_by("-seq")
    whole = messages.select_related("attachment", "channel", "tenant").prefetch_related(statuses())
    newest = list(whole[: length + 1])
    return newest[:length][::-1], len(newest) > length


def key(message: Message) -> str:
    return message.external_id or str(message.id)


def statuses() -> Prefetch:
    return Prefetch("statuses", MessageStatus.objects.order_by("occurred_at", "recorded_at"))


def quoted_in(conversation: Conversation, messages: list[Message]) -> QuerySet[Message]:
    wanted = {message.quoted_external_id for message in messages} - {""}
    return conversation.messages.filter(channel=conversation.channel_id, external_id__in=wanted)


def changes_of(conversation: Conversation, external_ids: Iterable[str]) -> QuerySet[Message]:
    """Return the changes that are aimed at these messages, in order; without ours that never
    reached anybody.
    """
    aimed = conversation.messages.filter(
        target_external_id__in=list(external_ids), kind__in=CHANGES
    )
    ours_unsent = Q(direction=Message.Direction.OUTBOUND, status__in=UNSENT)
    # what is not sent yet is the newest
    return aimed.exclude(ours_unsent).order_by("sent_at", "seq")
