"""A code in a form, and what the page says of one that is not taken."""

from math import ceil
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.encryption import CannotOpen
from tenants.second_factor import factors
from tenants.web.sign_in import Refusal, refused


def is_right(request: HttpRequest, form: forms.Form, user: Any, field: str = "code") -> bool:
    """Take a form's code of the user's factor. A code that is refused is an error of its field; the
    page's status says so too where none is looked at.
    """
    try:
        factors.prove(user, form.cleaned_data[field], timezone.now())
    except factors.WrongCode:
        form.add_error(field, wrong_code())
    except factors.Locked as locked:
        form.add_error(field, refused(request, locked_for(ceil(locked.wait.total_seconds()))))
    except CannotOpen:
        form.add_error(field, refused(request, unreadable()))
    else:
        return True
    return False


def wrong_code() -> forms.ValidationError:
    said = _(
        "This code is not right, or was used already. Wait until the app shows the next one, and"
        " look whether the phone's clock is right."
    )
    return forms.ValidationError(said, code="wrong")


def locked_for(seconds: int) -> Refusal:
    minutes = -(-seconds // 60)
    said = ngettext(
        "Too many codes were wrong. Try again in %(minutes)s minute.",
        "Too many codes were wrong. Try again in %(minutes)s minutes.",
        minutes,
    )
    return Refusal(429, seconds, said % {"minutes": minutes})


def unreadable() -> Refusal:
    said = _(
        "Codes cannot be checked now: the people who run this platform must look at its encryption"
        " keys."
    )
    return Refusal(503, 60, said)
