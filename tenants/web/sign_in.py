"""The two sign-in forms, and the answer to who may not try now: a sentence on the page, a status
and Retry-After.

Who is locked out learns nothing: neither whether the password was right nor whether there is such a
name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tenants import audit
from tenants.audit import Action
from tenants.models import User
from tenants.passwords import TooManyChecks

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused sign-in. `retry_after`: seconds."""

    status: int
    retry_after: int
    reason: "str | _StrPromise"


LOCKED = Refusal(
    429,
    int(settings.AXES_COOLOFF_TIME.total_seconds()),
    _("Too many attempts have failed. Try again in %(minutes)s minutes."),
)
BUSY = Refusal(
    503, 5, _("Too many people are signing in at this moment. Try again in a few seconds.")
)


def refused(request: HttpRequest, refusal: Refusal) -> ValidationError:
    """Return the error for a form's page, which gets the refusal's status."""
    request.refused_sign_in = refusal  # type: ignore[attr-defined]
    minutes = refusal.retry_after // 60
    return ValidationError(refusal.reason, code="refused", params={"minutes": minutes})


class SignInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "User name and password do not belong together, or the account is not active."
        ),
    }

    def clean(self) -> dict:
        try:
            return super().clean()
        except TooManyChecks:
            raise refused(self.request, BUSY) from None  # type: ignore[arg-type]

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "axes_locked_out", False):
            return refused(self.request, LOCKED)  # type: ignore[arg-type]
        note_failure(self.cleaned_data["username"])
        return super().get_invalid_login_error()


def note_failure(name: str) -> None:
    """Note that a sign-in as one of the platform's staff failed. Other names are not kept: people
    type passwords there.
    """
    if user := User.objects.filter(username=name, is_staff=True).first():
        audit.record(user, Action.SIGN_IN_FAILED)


class StaffSignInForm(SignInForm, AdminAuthenticationForm):
    error_messages = AdminAuthenticationForm.error_messages


class RefusedSignIn:
    """Give a page with a refusal its status. Stands before the back-office's transaction: a refused
    request is rolled back, and the failure that locks must stay.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refusal = getattr(request, "refused_sign_in", None)
        if refusal:
            response.status_code = refusal.status
            response["Retry-After"] = str(refusal.retry_after)
        return response


def page_as_it_is(
    request: HttpRequest, response: HttpResponse, credentials: dict | None
) -> HttpResponse:
    """Return the page that was made: django-axes would replace it with a line of its own."""
    return response
