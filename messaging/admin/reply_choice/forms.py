"""What is set of a strategy, as a form of the page on which it is chosen."""

from collections.abc import Mapping
from typing import Any

from django import forms

from messaging.admin.reply_choice.subject import Subject
from messaging.models import ReplyChoice
from messaging.replies import choosing
from messaging.replies.strategy import Choosable

PREFIX = "setting"  # a setting may have any name


def form_of(
    strategy: type[Choosable], stored: ReplyChoice | None, data: Mapping[str, Any] | None
) -> forms.Form:
    """Return the strategy's form, filled in with what is stored of the same strategy."""
    return strategy.form(data, initial=dict(settings_of(stored, strategy.name)), prefix=PREFIX)


def settings_of(stored: ReplyChoice | None, name: str) -> Mapping[str, Any]:
    """Return what is set of the strategy of this name; nothing, if another one is chosen."""
    return stored.settings if stored and stored.strategy == name else {}


def chosen_by(form: forms.Form, subject: Subject, name: str) -> ReplyChoice | None:
    """Return the choice that a form which was sent makes; None: the form says what is wrong."""
    if not form.is_valid():
        return None
    given = {field: form[field].data for field in form.fields}
    try:
        return choosing.choose(subject.tenant.id, subject.channel_id, name, given)
    except choosing.Refused as refusal:
        for field, sentences in refusal.faults.items():
            form.add_error(field or None, sentences)
        return None


def changed(before: ReplyChoice | None, after: ReplyChoice) -> list[str]:
    """Return the names of the settings that are new or have another value."""
    old = settings_of(before, after.strategy)
    return [name for name, value in after.settings.items() if old.get(name) != value]
