"""What a batch's messages are answered with, and the rows that it becomes."""

from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from channels_app.event_log import LoggedEvent
from messaging.logged.conversations import of_people
from messaging.models import Conversation, DeferredReply, Message
from messaging.models.answering import Because, LeftToPeople
from messaging.models.unanswered import Unanswered
from messaging.replies.strategy import NoReply

Outcome: TypeAlias = Message | DeferredReply | LeftToPeople | NoReply
WHY = {
    Because.FAILED: Unanswered.FAILED,
    Because.UNSENDABLE: Unanswered.FAILED,
    Because.TIMEOUT: Unanswered.LATE,
}


def why_unanswered(left: LeftToPeople) -> Unanswered:
    """Return what the message keeps that was left to people."""
    return WHY.get(Because(left.because), Unanswered.PEOPLE)


@dataclass(slots=True)
class Decided:
    """`answers`: messages to be queued; `deferred`: replies that wait for their strategy, and
    `left`: conversations that wait for a person, each by its conversation. `superseded`: how many
    earlier ones were ended as it was recorded.
    """

    answers: list[Message] = field(default_factory=list)
    deferred: dict[UUID, DeferredReply] = field(default_factory=dict)
    left: dict[UUID, LeftToPeople] = field(default_factory=dict)
    superseded: int = 0

    def add(self, message: Message, outcome: Outcome) -> None:
        """Take an outcome in. A message without an answer keeps the reason."""
        match outcome:
            case NoReply(reason=reason):
                message.unanswered = reason
            case LeftToPeople():
                message.unanswered = why_unanswered(outcome)
                self.left[message.conversation_id] = outcome
            case DeferredReply():
                if earlier := self.deferred.get(message.conversation_id):
                    earlier.message.unanswered = Unanswered.BURST
                self.deferred[message.conversation_id] = outcome
            case Message():
                self.answers.append(outcome)

    def record(self) -> list[LoggedEvent]:
        """Store all of it, in the caller's transaction, after the messages; their conversations
        are locked. Returns what is to be logged.
        """
        Message.objects.queue(self.answers)
        self.superseded = DeferredReply.objects.put_off(self.deferred.values())
        rows = Conversation.objects.leave_to_people(self.left)
        return [of_people(row) for row in rows]
