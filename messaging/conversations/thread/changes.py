"""Messages as people see them now: with edits, revocations and reactions applied, and what each
answers.

Rows keep what was said. A change applies in its own conversation only, and an edit or a revocation
only if the message's author made it; so a change that is aimed elsewhere does nothing, and one that
comes before its message applies once that is there. Changes apply in the order in which they were
made; nothing changes the words of a revoked message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q, QuerySet

from channels_app.message_parts import MessageParts
from messaging.conversations.thread.parts import parts_of
from messaging.models import Conversation, Message, MessageStatus
from messaging.next_steps import next_step

CHANGES = EDIT, REVOKE, REACTION = "edit", "revoke", "reaction"
UNSENT = (Message.Status.FAILED, Message.Status.EXPIRED, Message.Status.CANCELLED)
NO_PARTS = MessageParts()
MOST_CHANGES = 1000  # of the messages of a page: one may have any number of reactions


@dataclass
class Shown:
    """A message as people see it now. `earlier`: its words before each edit; `reactions`: the
    newest one of each direction; `quoted`: the message that it answers or changes, if it is in this
    conversation; `pressed`: the ids of its choices that somebody chose, as far as that is shown.
    """

    message: Message
    text: str
    is_edited: bool = False
    is_revoked: bool = False
    earlier: list[str] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    quoted: "Shown | None" = None
    parts: MessageParts = NO_PARTS
    pressed: set[str] = field(default_factory=set)

    @property
    def next_step(self) -> str:
        """What an operator can do about the message; empty where there is nothing to do, as for a
        message on its way.
        """
        is_stuck = self.message.needs_attention or self.message.status == Message.Status.EXPIRED
        return next_step(self.message) if is_stuck or self.message.unanswered else ""

    def apply(self, change: Message) -> None:
        """Apply a change to the message. Changes must come in their order."""
        is_own = change.direction == self.message.direction
        if change.kind == REACTION:
            self.reactions[change.direction] = change.text
        elif change.kind == EDIT and is_own and not self.is_revoked:
            self.earlier.append(self.text)
            self.text, self.is_edited = change.text, True
        elif change.kind == REVOKE and is_own:
            self.text, self.is_revoked = "", True
            self.earlier.clear()


def shown(conversation: Conversation, messages: Sequence[Message]) -> list[Shown]:
    """Return messages of the conversation as they are shown.

    Changes are applied to what they change. Those whose target is among the messages are not shown
    a second time.
    """
    items = {
        key(message): Shown(message, message.text)
        for message in [*quoted_in(conversation, messages), *messages]
    }
    changes = changes_of(conversation, items)
    for change in changes:
        items[change.target_external_id].apply(change)
    add_parts(conversation, items)
    visible = {key(message) for message in messages}
    applied = {key(change) for change in changes if change.target_external_id in visible}
    return [items[key(message)] for message in messages if key(message) not in applied]


def add_parts(conversation: Conversation, items: dict[str, Shown]) -> None:
    """Give each its parts, what it answers or changes, and which of its choices was made."""
    parts = parts_of(conversation, [item.message for item in items.values()])
    for item in items.values():
        message = item.message
        item.parts = parts[message.id]
        item.quoted = items.get(message.quoted_external_id or message.target_external_id)
        item.reactions = {who: emoji for who, emoji in item.reactions.items() if emoji}
        if item.quoted and item.parts.chosen:
            item.quoted.pressed.add(item.parts.chosen.id)


def key(message: Message) -> str:
    return message.external_id or str(message.id)


def statuses() -> Prefetch:
    return Prefetch("statuses", MessageStatus.objects.order_by("occurred_at", "recorded_at"))


def quoted_in(conversation: Conversation, messages: Iterable[Message]) -> QuerySet[Message]:
    """Return what the messages answer or change, of this conversation."""
    wanted = {
        external_id
        for message in messages
        for external_id in (message.quoted_external_id, message.target_external_id)
    }
    return conversation.messages.filter(
        channel=conversation.channel_id, external_id__in=wanted - {""}
    )


def changes_of(conversation: Conversation, external_ids: Iterable[str]) -> list[Message]:
    """Return the changes that are aimed at these messages, in order, the newest MOST_CHANGES of
    them; without ours that never reached anybody.
    """
    aimed = conversation.messages.filter(
        target_external_id__in=list(external_ids), kind__in=CHANGES
    )
    ours_unsent = Q(direction=Message.Direction.OUTBOUND, status__in=UNSENT)
    newest = aimed.exclude(ours_unsent).order_by(F("sent_at").desc(nulls_first=True), "-seq")
    return list(newest[:MOST_CHANGES])[::-1]
