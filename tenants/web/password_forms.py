"""Forms for one's own password. Whatever hashes a password does it with its view's leave: see
tenants/passwords.py.
"""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.passwords import PasswordAlone, TooManyChecks
from tenants.web import password_resets
from tenants.web.fields import AddressField
from tenants.web.lockout import address_of
from tenants.web.sign_in import BUSY, LOCKED, note_failure, refused


class ForgottenForm(PasswordResetForm):
    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def save(self, *, request: HttpRequest, **options: Any) -> None:  # type: ignore[override]
        """Ask for the mail. A task writes and sends it, so this request takes no longer."""
        password_resets.ask(self.cleaned_data["email"], address_of(request))


class ChooseForm(PasswordAlone, SetPasswordForm):
    """Choose a password without the old one."""


class ChangeForm(PasswordAlone, PasswordChangeForm):
    """Change one's password."""

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        self.request = request
        super().__init__(*args, **options)

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not is_right(self.request, self.user, old):
            said = self.error_messages["password_incorrect"]
            raise forms.ValidationError(said, code="password_incorrect")
        return old


class AgainForm(forms.Form):
    """One's password once more, of who is signed in."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, user: Any, *args: Any) -> None:
        self.request, self.user = request, user
        super().__init__(*args)

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not is_right(self.request, self.user, typed):
            raise forms.ValidationError(_("This is not your password."), code="password_incorrect")
        return typed


def is_right(request: HttpRequest, user: Any, password: str) -> bool:
    """Check somebody's password as at the sign-in: wrong guesses count, and lock. Raises
    ValidationError for who may not try now.
    """
    try:
        known = authenticate(request, username=user.get_username(), password=password)
    except TooManyChecks:
        raise refused(request, BUSY) from None
    if getattr(request, "axes_locked_out", False):
        raise refused(request, LOCKED)
    if known is None:
        note_failure(user.get_username())
    return known is not None
