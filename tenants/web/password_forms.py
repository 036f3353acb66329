"""Forms for one's own password. Whatever hashes a password does it with its view's leave: see
tenants/passwords.py.
"""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.passwords import TooManyChecks
from tenants.web import password_resets
from tenants.web.fields import AddressField
from tenants.web.lockout import address_of
from tenants.web.sign_in import BUSY, LOCKED, refused


class ForgottenForm(PasswordResetForm):
    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def save(self, *, request: HttpRequest, **options: Any) -> None:  # type: ignore[override]
        """Ask for the mail. A task writes and sends it, so this request takes no longer."""
        password_resets.ask(self.cleaned_data["email"], address_of(request))


class ChangeForm(PasswordChangeForm):
    """Change one's password. The old one is checked as at the sign-in: wrong guesses count, and
    lock.
    """

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        self.request = request
        super().__init__(*args, **options)

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        try:
            known = authenticate(self.request, username=self.user.get_username(), password=old)
        except TooManyChecks:
            raise refused(self.request, BUSY) from None
        if getattr(self.request, "axes_locked_out", False):
            raise refused(self.request, LOCKED)
        if known is None:
            raise forms.ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return old
