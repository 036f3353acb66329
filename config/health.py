"""Is it alive, and is it ready? No authentication, and nothing a stranger may not know."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from messaging.monitoring import readiness
from messaging.monitoring.readiness import Check


class Probes:
    """Middleware that answers these two paths whatever the Host is: a load balancer asks by IP
    address, or names none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = {"/health": alive, "/health/ready": ready}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = self.probes.get(request.path_info.removesuffix("/"))
        if probe is None:
            return self.get_response(request)
        response = probe(request)
        # the simplest of probes reads no chunks
        response["Content-Length"] = str(len(response.content))
        # who asked is told; a 503 here is no error of a page
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 while process and database answer, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "database": "does not answer"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 if every check is ok, else 503; each check's word, and the ages in seconds."""
    try:
        checks = readiness.checks()
    except (DatabaseError, InterfaceError):
        return JsonResponse(
            {"status": "unavailable", "checks": {"database": "does not answer"}}, status=503
        )
    is_ready = all(check.is_ok for check in checks.values())
    told = {
        "status": "ok" if is_ready else "unready",
        "checks": {name: word(check) for name, check in checks.items()},
    }
    return JsonResponse(told, status=200 if is_ready else 503)


def word(check: Check) -> dict[str, Any]:
    if check.bound is None:
        return {"ok": check.is_ok}
    if check.seconds is None:
        return {
            "ok": check.is_ok,
            "seconds": None,
            **({"reason": check.reason} if check.reason else {}),
        }
    return {"ok": check.is_ok, "seconds": check.seconds, "bound": check.bound}
