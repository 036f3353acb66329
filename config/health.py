"""Health checks: liveness and readiness. Unauthenticated, so they reveal nothing confidential."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from config.metrics import metrics
from messaging.monitoring import problems, readiness
from messaging.monitoring.readiness import Check


class Probes:
    """Middleware that answers health checks and /metrics for any Host: load balancers and
    Prometheus send an IP address as the Host, or no Host at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = {"/health": alive, "/health/ready": ready, "/metrics": metrics}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = self.probes.get(request.path_info.removesuffix("/"))
        if probe is None:
            return self.get_response(request)
        response = probe(request)
        # Simple health checkers cannot read chunked transfer encoding.
        response["Content-Length"] = str(len(response.content))
        # Keep Django from logging a 503 as an error: the response reports it.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Return 200 if process and database answer, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "database": "does not answer"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 if every check is ok, else 503 with the reasons, a sentence for each check that is
    not; and each check's result and age in seconds.
    """
    try:
        checks = readiness.checks()
    except (DatabaseError, InterfaceError):
        return JsonResponse(
            {
                "status": "unavailable",
                "reasons": ["The database does not answer."],
                "checks": {"database": "does not answer"},
            },
            status=503,
        )
    reasons = [problem.said for problem in problems.problems_of_checks(checks)]
    told = {
        "status": "unready" if reasons else "ok",
        "reasons": reasons,
        "checks": {name: word(check) for name, check in checks.items()},
    }
    return JsonResponse(told, status=503 if reasons else 200)


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
