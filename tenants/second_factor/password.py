"""The password, asked again before anything becomes of a second factor: whoever only has a session
of somebody's, stolen or left open, does not get to bind a phone of their own.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from time import time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse

from tenants.web.sessions import BEGAN, SessionStore

View = Callable[[HttpRequest], HttpResponse]

AGAIN = "staff_second_factor_password"
GIVEN = "password_given"  # in the session, in seconds since 1970
LATELY = timedelta(minutes=10)


def password_lately(view: View) -> View:
    """Make a view one of who has given the password lately, at the sign-in or since: else ask it,
    and come back.
    """

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        known: Any = request.known  # type: ignore[attr-defined]
        given = max(request.session.get(each, 0) for each in (BEGAN, GIVEN))
        if not known.is_authenticated or time() - given <= LATELY.total_seconds():
            return view(request)
        return redirect(f"{reverse(AGAIN)}?{urlencode({'next': request.get_full_path()})}")

    return page


def remember_password(request: HttpRequest) -> None:
    """Note that the password was given now. The session gets another key, and lasts no longer."""
    session: SessionStore = request.session  # type: ignore[assignment]
    with session.as_old_as_before():
        session.cycle_key()
    session[GIVEN] = time()
    rotate_token(request)
