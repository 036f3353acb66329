"""The back-office's transaction: one for each request, as the sign-in role until it is known who
asks; and the shorter limits of operators' sessions.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.encoding import escape_uri_path
from django.utils.functional import SimpleLazyObject

from tenants import audit
from tenants.audit import Action
from tenants.scope import auth_scope, become_operator
from tenants.web.sessions import Limits

View = Callable[[HttpRequest], HttpResponseBase]
PATH_LENGTH = 200
OF_CONTENT = frozenset({"content-type", "content-length", "content-disposition"})


def is_back_office(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.BACK_OFFICE_PATHS)


class AfterTransaction(HttpResponse):
    """Stands for a response that asks the network, such as a file from storage: `make` is called
    once the request's transaction is over. Headers that it was given meanwhile are sent, too.
    """

    def __init__(self, make: Callable[[], HttpResponseBase], headers: Mapping[str, str]) -> None:
        super().__init__(headers=dict(headers))
        self.make = make

    def made(self) -> HttpResponseBase:
        response = self.make()
        for name, value in self.items():
            if name.lower() not in OF_CONTENT:
                response[name] = value
        response.cookies.update(self.cookies)
        return response


class BackOfficeTransaction:
    """Open the transaction, before the session is read. A refused or failed request leaves nothing
    behind.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_back_office(request):
            return self.get_response(request)
        with auth_scope():
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        if isinstance(response, AfterTransaction):
            return response.made()
        if response.status_code == 403 and request.path_info.startswith(settings.OPERATORS_PATH):
            note_refused(request)
        return response


def note_refused(request: HttpRequest) -> None:
    """Note what somebody who is signed in asked for in vain, after its transaction is undone."""
    with auth_scope():
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            tried = f"{request.method} {escape_uri_path(request.path_info)[:PATH_LENGTH]}"
            audit.record(user, Action.REFUSED, tried=tried)


class SessionLimits:
    """Middleware behind authentication: an operator whose session is over is nobody, whichever page
    asks. The back-office signs them out, and keeps the session of whoever is there.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        known = request.user
        if not is_back_office(request):
            request.user = SimpleLazyObject(  # type: ignore[assignment]
                lambda: AnonymousUser() if is_over(request, known) else known
            )
        elif is_over(request, known):
            logout(request)
        elif known.is_authenticated:
            request.session.use()  # type: ignore[attr-defined]
        return self.get_response(request)


def is_over(request: HttpRequest, user: Any) -> bool:
    """Return whether an operator's session has passed their limits, which are the shorter ones."""
    limits = Limits(*settings.OPERATORS_SESSION)
    return user.is_staff and request.session.is_over(limits)  # type: ignore[attr-defined]


class OperatorRole:
    """Become the operator, behind authentication and the second factor: in the back-office active
    platform staff see every tenant, everybody else none.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (
            request.path_info.startswith(settings.OPERATORS_PATH)
            and request.user.is_active
            and request.user.is_staff
        ):
            become_operator()
        return self.get_response(request)
