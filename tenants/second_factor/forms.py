"""Forms for codes of the second factor."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.second_factor.checking import wrong_code
from tenants.second_factor.codes import step_of


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
    """A code of the app that is being set up with this secret."""

    code = CodeField(_("Code that the app shows"), inputmode="numeric")

    def __init__(self, secret: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.secret = secret

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if step_of(self.secret, code, timezone.now(), after=0) is None:
            raise wrong_code()
        return code


class ReplaceForm(SetUpForm):
    """A code of the factor that the user has, and one of the app that takes its place. The first is
    for the page to take, once the second is right: it is taken once.
    """

    current = CodeField(_("Code from the app that you have used so far, or a recovery code"))
    code = CodeField(_("Code that the new app shows"), inputmode="numeric")
    field_order = ["current", "code"]
