"""What a strategy is asked outside of any transaction: a message and what was said before it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the conversation. `by`: contact, automatic, staff (here or in the provider's
    app) or api; `kind`: text, image, ...; `text`: its words, a caption, or what a button says;
    `sent_at`: with a zone.
    """

    by: str
    kind: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """`id`: of the message, the same each time it is asked; `lines`: the conversation, the oldest
    first, up to what the contact wrote last; `deadline`: when it is too late for an answer.
    """

    id: UUID
    tenant_id: UUID
    tenant: str
    channel_id: UUID
    conversation_id: UUID
    contact_id: UUID
    contact_name: str
    lines: tuple[Line, ...]
    deadline: datetime
