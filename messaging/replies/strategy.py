"""What a reply strategy is, and what it may say.

A strategy's `reply_to` runs within the transaction that records messages of many tenants, so it is
pure: it sees the message (with its channel and tenant), and asks neither the database nor the
network. What takes time it defers by saying Later: then its `answer` is asked outside of any
transaction, where it may ask a service.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

from django import forms
from django.utils.functional import Promise

from channels_app.content import Content
from messaging.models import Message
from messaging.models.unanswered import Unanswered
from messaging.replies.question import Question


@dataclass(frozen=True, slots=True)
class NoReply:
    """What a strategy returns instead of None to say why it gives no reply."""

    reason: Unanswered


@dataclass(frozen=True, slots=True)
class HandOver:
    """The conversation is to be left to people. `note`: a sentence for them, at most 500
    characters.
    """

    note: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """The answer takes time: `answer` is to be asked for it. `within`: how long it is worth waiting
    for, at most DEFERRED_REPLY_LIMIT_SECONDS, which is also meant by None.
    """

    within: timedelta | None = None


# a plain text is cleaned and cut to what a message may have; an empty one says nothing
Said: TypeAlias = Content | str | NoReply | HandOver | None


class Strategy(Protocol):
    def reply_to(self, message: Message) -> Said | Later:
        """Return what is to be said, or Later. Pure."""


@runtime_checkable
class SlowStrategy(Protocol):
    def answer(self, question: Question) -> Said:
        """Return what is to be said. Runs in a thread of its own, without a scope. It may be asked
        again after a crash, with the same `question.id`; DEFERRED_REPLY_SECONDS after it was asked
        nobody waits for it any more.
        """


class Choosable(Strategy, Protocol):
    """A strategy that tenants may choose. `name`: what it is stored as, at most 64 lower-case
    letters and underscores; `label`: what people choose it by; `form`: what may be set of it.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    form: ClassVar[type[forms.Form]]

    def __init__(self, settings: dict[str, Any], /) -> None:
        """`settings`: as the form cleaned them, in the types of JSON. A field with the widget
        PasswordInput is secret: its value is sealed, and only told here.
        """
