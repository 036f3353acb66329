"""The gate behind the password: who still owes the second factor is nobody yet, whichever page asks
who asks.

So no page needs to know of it, and the operator's role is out of reach (tenants/web/middleware.py).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from tenants.models import SecondFactor, User
from tenants.second_factor.password import AGAIN
from tenants.web.middleware import is_back_office

View = Callable[[HttpRequest], HttpResponse]

PROVEN = "second_factor"  # in the session: the id of the factor that was proven in it
ENTER, SET_UP = "staff_second_factor_enter", "staff_second_factor_set_up"
OPEN = (ENTER, SET_UP, AGAIN, "staff_sign_out")
SIGN_INS = ("staff_sign_in", "admin:login")


def must_have_one(user: User) -> bool:
    return user.is_staff and settings.OPERATORS_NEED_SECOND_FACTOR


def owes(request: HttpRequest, user: Any) -> bool:
    """Return whether somebody has given a password and still has to prove the second factor, or to
    set one up.
    """
    if not user.is_authenticated:
        return False
    if user.second_factor_id is None:
        return must_have_one(user)
    return request.session.get(PROVEN) != str(user.second_factor_id)


def remember(request: HttpRequest, factor: SecondFactor) -> None:
    """Let the session be one in which this factor is proven; it gets another key. Whoever asks is
    known from now on.
    """
    request.user = request.known  # type: ignore[attr-defined]
    request.session[PROVEN] = str(factor.pk)
    request.session.cycle_key()
    rotate_token(request)


class SecondFactorGate:
    """Middleware behind authentication. `request.known` is who has given the password,
    `request.user` the same once nothing is owed. A page of the back-office leads to the second
    factor, and then back.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.user
        request.known = known  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(  # type: ignore[assignment]
            lambda: AnonymousUser() if owes(request, known) else known
        )
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, parameters: Any
    ) -> HttpResponse | None:
        known = request.known  # type: ignore[attr-defined]
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not is_back_office(request) or name in OPEN or not owes(request, known):
            return None
        wanted = request.GET.get("next", "") if name in SIGN_INS else request.get_full_path()
        page = reverse(ENTER if known.second_factor_id else SET_UP)
        return redirect(f"{page}?{urlencode({'next': wanted})}" if wanted else page)
