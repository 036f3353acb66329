"""Pages in the language and the time zone of whoever reads them.

Without a cookie of ours the language is the browser's, if we have it, and the zone UTC.
"""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

View = Callable[[HttpRequest], HttpResponse]

ZONE_COOKIE = "time_zone"  # set by tenants/static/tenants/time_zone.js


class Reader:
    """Activate the reader's language and zone for the request. What programs read, such as the API,
    stays in English and UTC.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.ENGLISH_PATHS):
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language), timezone.override(zone_of(request)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def zone_of(request: HttpRequest) -> ZoneInfo:
    """Return the zone that the reader's browser has named, or UTC."""
    named = request.COOKIES.get(ZONE_COOKIE, "")
    return ZoneInfo(named) if named in known_zones() else ZoneInfo("UTC")


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@require_safe
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the language in a cookie, and lead back to the page that was being read."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    onward = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(onward, None, require_https=request.is_secure())
    response = redirect(onward if is_ours else "start")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response
