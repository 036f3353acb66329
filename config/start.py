"""The start page: what the project is, with links to its pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenants.members.connect_pages import connect_pages
from tenants.members.memberships import who_asks


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Render the start page, with a database query only if the request has a session cookie."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    asking = who_asks(request) if has_session else None
    shown = {"is_development": not settings.IS_HTTPS, "connect_pages": connect_pages()}
    return render(request, "start.html", {"asking": asking, **shown})
