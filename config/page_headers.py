"""Headers that bound what a browser does with an answer of ours: what runs in a page, who may frame
or open it, and which of the device's abilities it has.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from tenants.web.page_policy import page_policy

View = Callable[[HttpRequest], HttpResponse]

ABILITIES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)


HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": page_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{ability}=()" for ability in ABILITIES),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class PageHeaders:
    """Middleware that gives each answer those of HEADERS that its view has not set."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
