"""The start page: what the project is, with a way to sign in. Who is signed in is led on."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenants.members.connect_pages import connect_pages
from tenants.members.memberships import who_asks


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Lead operators to the back-office and members to their businesses; render the start page for
    everybody else, with a database query only if the request has a session cookie.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES and who_asks(request):
        return redirect("admin:index" if request.user.is_staff else "staff")
    shown = {"is_development": not settings.IS_HTTPS, "connect_pages": connect_pages()}
    return render(request, "start.html", shown)
