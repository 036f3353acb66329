"""What a reply strategy is, and the one that is built in.

A strategy is pure: it sees the message (with its channel and tenant) and returns what is to be
said, or nothing. It runs within the transaction that records messages of many tenants, so it asks
neither the database nor the network. REPLY_STRATEGY names the class.
"""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.utils.module_loading import import_string

from channels_app.content import Content
from messaging.models import Message
from messaging.models.unanswered import Unanswered


@dataclass(frozen=True, slots=True)
class NoReply:
    """What a strategy returns instead of None to say why it gives no reply."""

    reason: Unanswered


class Strategy(Protocol):
    def reply_to(self, message: Message) -> Content | str | NoReply | None:
        """Return the answer (a plain text is cleaned and cut to what a message may have), or None
        or NoReply for none.
        """


class StaticReply:
    """The channel's text, else the tenant's, else none."""

    def reply_to(self, message: Message) -> str | NoReply:
        return (
            message.channel.auto_reply
            or message.channel.tenant.auto_reply
            or NoReply(Unanswered.NO_TEXT)
        )


@cache
def strategy(path: str) -> Strategy:
    return import_string(path)()
