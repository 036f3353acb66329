"""Hardened mode: each serving process answers its own addresses and no others. A proxy in front
chooses the process by the same paths.
"""

from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

WEBHOOKS, API = "/api/webhooks/", "/api/"
# what sees every tenant
BACK_OFFICE = ("/admin", "/api/v1/tenants", "/api/v1/platform")
ELSEWHERE = "The process {!r} does not serve this address, {!r} does: see docs/hardened.md.\n"


class Served:
    """Middleware that answers 404 to what another process serves. Without PROCESS, everything is
    served.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.of_platform = (*BACK_OFFICE, *addresses_of_channels())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        process = self.process_of(request.path_info)
        if settings.PROCESS in ("", process):
            return self.get_response(request)
        text = ELSEWHERE.format(settings.PROCESS, process)
        return HttpResponse(text, status=404, content_type="text/plain")

    def process_of(self, path: str) -> str:
        if path.startswith(self.of_platform):
            return "back-office"
        if path.startswith(WEBHOOKS):
            return "webhooks"
        return "api" if path.startswith(API) else "pages"


def addresses_of_channels() -> list[str]:
    """Return the beginnings of those addresses of channels that concern every tenant: providers
    call them, about a person.
    """
    return [
        f"/connect/{kind}/{address}"
        for kind in settings.CHANNEL_APPS
        for address in getattr(apps.get_app_config(kind), "addresses_of_platform", ())
    ]
