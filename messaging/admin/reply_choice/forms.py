"""What is set of a strategy, as a form of the page on which it is chosen."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.admin.reply_choice.subject import Subject
from messaging.models import ReplyChoice
from messaging.replies import choosing
from messaging.replies.strategy import Choosable

PREFIX = "setting"  # a setting may have any name
STAYS = _("One is stored, and is not shown. Empty: it stays.")


def form_of(
    strategy: type[Choosable], own: ReplyChoice | None, data: Mapping[str, Any] | None
) -> forms.Form:
    """Return the strategy's form, filled in with what is stored of the same strategy but for its
    secrets, which may be left empty. Who chooses several of some ticks them.
    """
    stored = own if own and own.strategy == strategy.name else None
    form = strategy.form(data, initial=dict(stored.settings) if stored else {}, prefix=PREFIX)
    for field in form.fields.values():
        if isinstance(field.widget, forms.SelectMultiple):
            field.widget = forms.CheckboxSelectMultiple(choices=field.widget.choices)
    kept = choosing.kept_secrets(stored, {}) if stored else {}
    for name in choosing.secret_settings(strategy):
        field = form.fields[name]
        field.widget.attrs["autocomplete"] = "off"
        if name in kept:
            field.required, field.help_text = False, STAYS
    return form


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


def changed(form: forms.Form, choice: ReplyChoice) -> list[str]:
    """Return the names of the settings that have another value than before, and of the secrets that
    were given.
    """
    stored, secrets = choice.settings, set(form.fields) - set(choice.settings)
    return [
        name
        for name in form.fields
        if (form[name].data if name in secrets else form.initial.get(name) != stored[name])
    ]
