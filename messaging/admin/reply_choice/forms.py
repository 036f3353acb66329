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
CLEAR = "-clear"  # ends the name of the box that empties a secret; no setting's name has a dash
STAYS = _("One is stored, and is not shown. Empty: it stays.")
EMPTIES = _("Delete what is stored in “{label}”")
EITHER = _("Either type another one, or have the stored one deleted.")


def form_of(
    strategy: type[Choosable], own: ReplyChoice | None, data: Mapping[str, Any] | None
) -> forms.Form:
    """Return the strategy's form, filled in with what is stored of the same strategy but for its
    secrets, which may be left empty. Who chooses several of some ticks them. An optional secret
    that is stored has a box below that empties it.
    """
    stored = own if own and own.strategy == strategy.name else None
    form = strategy.form(data, initial=dict(stored.settings) if stored else {}, prefix=PREFIX)
    for field in form.fields.values():
        if isinstance(field.widget, forms.SelectMultiple):
            field.widget = forms.CheckboxSelectMultiple(choices=field.widget.choices)
        if isinstance(field.widget, forms.CheckboxInput):
            field.label_suffix = ""  # the words stand behind the box
    kept = choosing.kept_secrets(stored, {}) if stored else {}
    for name in choosing.secret_settings(strategy):
        field = form.fields[name]
        field.widget.attrs["autocomplete"] = "off"
        if name in kept:
            is_optional = not field.required
            field.required, field.help_text = False, STAYS
            if is_optional:
                form.fields[name + CLEAR] = box_below(form[name])
    form.order_fields([each for name in form.base_fields for each in (name, name + CLEAR)])
    return form


def box_below(field: forms.BoundField) -> forms.BooleanField:
    label = EMPTIES.format(label=field.label)
    return forms.BooleanField(label=label, label_suffix="", required=False)


def is_emptied(form: forms.Form, name: str) -> bool:
    return name + CLEAR in form.fields and bool(form[name + CLEAR].data)


def chosen_by(form: forms.Form, subject: Subject, strategy: type[Choosable]) -> ReplyChoice | None:
    """Return the choice that a form which was sent makes; None: the form says what is wrong."""
    if not form.is_valid():
        return None
    given = {field: form[field].data for field in form.base_fields}
    for name in choosing.secret_settings(strategy):
        if given[name] and is_emptied(form, name):
            form.add_error(name, EITHER)
            return None
        given[name] = None if is_emptied(form, name) else given[name] or ""
    try:
        return choosing.choose(subject.tenant.id, subject.channel_id, strategy.name, given)
    except choosing.Refused as refusal:
        for field, sentences in refusal.faults.items():
            form.add_error(field or None, sentences)
        return None


def changed(form: forms.Form, choice: ReplyChoice) -> list[str]:
    """Return the names of the settings that have another value than before, and of the secrets that
    were given or emptied.
    """
    stored = choice.settings
    return [
        name
        for name in form.base_fields
        if (
            form.initial.get(name) != stored[name]
            if name in stored
            else form[name].data or is_emptied(form, name)
        )
    ]
