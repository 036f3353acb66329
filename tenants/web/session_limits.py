"""Limits of operators' sessions in the back-office, which are shorter than everybody's."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from tenants.web.middleware import is_back_office
from tenants.web.sessions import Limits, SessionStore

View = Callable[[HttpRequest], HttpResponse]


class SessionLimits:
    """Middleware behind authentication: sign out an operator whose session is over, and keep the
    session of whoever is there.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_back_office(request) and request.user.is_authenticated:
            session: SessionStore = request.session  # type: ignore[assignment]
            if request.user.is_staff and session.is_over(Limits(*settings.OPERATORS_SESSION)):
                logout(request)
            else:
                session.use()
        return self.get_response(request)
