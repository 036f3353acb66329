"""Forms for codes of the second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeInput(forms.TextInput):
    """Never shows what was typed before: it was wrong."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class CodeField(forms.CharField):
    def __init__(self, label: Any, **attributes: Any) -> None:
        typed = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(label=label, max_length=32, widget=CodeInput(attrs=typed | attributes))


class CodeForm(forms.Form):
    """A code of the factor that the user has."""

    code = CodeField(_("Code from the app, or a recovery code"))


class SetUpForm(forms.Form):
    """A code of the app that is being set up."""

    code = CodeField(_("Code that the app shows"), inputmode="numeric")


class ReplaceForm(forms.Form):
    """A code of the factor that the user has, and one of the app that takes its place."""

    current = CodeField(_("Code from the app that you have used so far, or a recovery code"))
    code = CodeField(_("Code that the new app shows"), inputmode="numeric")
