"""The strategy that answers by the hour: one text while somebody is there, another one else."""

from datetime import time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.models import Message
from messaging.models.unanswered import Unanswered
from messaging.replies.strategy import NoReply

DAYS = {
    "0": _("Monday"),
    "1": _("Tuesday"),
    "2": _("Wednesday"),
    "3": _("Thursday"),
    "4": _("Friday"),
    "5": _("Saturday"),
    "6": _("Sunday"),
}
TEXT_LENGTH = 4096
MINUTES = "%H:%M"


class OfficeHoursForm(forms.Form):
    days = forms.MultipleChoiceField(
        label=_("Days"), choices=list(DAYS.items()), initial=["0", "1", "2", "3", "4"]
    )
    opens = forms.TimeField(
        label=_("Opens at"), initial=time(9), widget=forms.TimeInput(format=MINUTES)
    )
    closes = forms.TimeField(
        label=_("Closes at"),
        initial=time(17),
        widget=forms.TimeInput(format=MINUTES),
        help_text=_("Before the hour it opens at: on the next day."),
    )
    zone = forms.CharField(
        label=_("Time zone"), initial="UTC", help_text=_("Such as Europe/Stockholm.")
    )
    while_open = forms.CharField(
        label=_("Text while open"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea,
        help_text=_("Empty: no answer."),
    )
    while_closed = forms.CharField(
        label=_("Text while closed"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea,
        help_text=_("Empty: no answer."),
    )

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("There is no time zone of this name. Write one as Europe/Stockholm."),
                code="no_such_zone",
            )
        return zone


class OfficeHours:
    """One text within office hours, by the moment at which the message was written, and another
    one without.
    """

    name: ClassVar[str] = "office_hours"
    label: ClassVar[str | Promise] = _("By office hours")
    form: ClassVar[type[forms.Form]] = OfficeHoursForm

    def __init__(self, settings: dict[str, Any]) -> None:
        self.days = {int(day) for day in settings["days"]}
        self.opens = time.fromisoformat(settings["opens"])
        self.closes = time.fromisoformat(settings["closes"])
        self.zone = ZoneInfo(settings["zone"])
        self.while_open, self.while_closed = settings["while_open"], settings["while_closed"]

    def reply_to(self, message: Message) -> str | NoReply:
        text = self.while_open if self.is_open(message) else self.while_closed
        return text or NoReply(Unanswered.NO_TEXT)

    def is_open(self, message: Message) -> bool:
        local = (message.sent_at or message.created_at).astimezone(self.zone)
        now, today = local.time(), local.weekday()
        if self.opens < self.closes:
            return today in self.days and self.opens <= now < self.closes
        # over midnight: the hours after it are those of the day before
        begun_yesterday = now < self.closes and (today - 1) % 7 in self.days
        return begun_yesterday or (now >= self.opens and today in self.days)
