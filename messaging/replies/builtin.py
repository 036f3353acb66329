"""The strategies that are built in."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.models import Message
from messaging.models.unanswered import Unanswered
from messaging.replies.strategy import NoReply


class NoSettings(forms.Form):
    """Nothing can be set."""


class StaticReply:
    """The channel's text, else the tenant's, else none."""

    name: ClassVar[str] = "static"
    label: ClassVar[str | Promise] = _("The text of the channel, or else of the tenant")
    form: ClassVar[type[forms.Form]] = NoSettings

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        pass

    def reply_to(self, message: Message) -> str | NoReply:
        return (
            message.channel.auto_reply
            or message.channel.tenant.auto_reply
            or NoReply(Unanswered.NO_TEXT)
        )


class Silence:
    """No answer at all."""

    name: ClassVar[str] = "none"
    label: ClassVar[str | Promise] = _("No automatic reply")
    form: ClassVar[type[forms.Form]] = NoSettings

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        pass

    def reply_to(self, message: Message) -> NoReply:
        return NoReply(Unanswered.NO_TEXT)
