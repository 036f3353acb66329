"""Is it alive, and is it ready? No authentication, and nothing a stranger may not know."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from messaging import sql
from tenants.checks import keeps_tenants_apart

HEARTBEAT_SECONDS = 30
DELIVERY_SECONDS = 60
MESSAGE_SECONDS = 120


class Probes:
    """Middleware that answers these two paths whatever the Host is: a load balancer asks by IP address, or names none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = {"/health": alive, "/health/ready": ready}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = self.probes.get(request.path_info.removesuffix("/"))
        if probe is None:
            return self.get_response(request)
        response = probe(request)
        response["Content-Length"] = str(len(response.content))  # the simplest of probes reads no chunks
        response._has_been_logged = True  # type: ignore[attr-defined]  # who asked is told; a 503 here is no error of a page
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
        age = sql.run("pipeline_ages")[0]
        checks = {
            "role": word(keeps_tenants_apart()),
            "migrations": word(are_migrations_applied()),
            "durability": word(age["is_durable"]),
            "worker": within(age["heartbeat"], HEARTBEAT_SECONDS, missing="no worker was seen"),
            "oldest_delivery": within(age["delivery"], DELIVERY_SECONDS),
            "oldest_message": within(age["message"], MESSAGE_SECONDS),
        }
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "checks": {"database": "does not answer"}}, status=503)
    is_ready = all(check["ok"] for check in checks.values())
    return JsonResponse({"status": "ok" if is_ready else "unready", "checks": checks}, status=200 if is_ready else 503)


def word(ok: bool) -> dict[str, Any]:
    return {"ok": ok}


def within(seconds: float | None, bound: float, missing: str | None = None) -> dict[str, Any]:
    """Nothing waiting is fine, unless `missing` says why it is not."""
    if seconds is None:
        return {"ok": missing is None, "seconds": None, **({"reason": missing} if missing else {})}
    return {"ok": seconds <= bound, "seconds": round(seconds, 1), "bound": bound}


_applied = False


def are_migrations_applied() -> bool:
    """Asked until it is so: migrations are not taken back under a running process."""
    global _applied
    if not _applied:
        executor = MigrationExecutor(connection)
        _applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _applied
