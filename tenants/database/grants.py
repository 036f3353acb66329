"""Grants of each role: everything is revoked, then granted as the `grants` of every AppConfig list
it.
"""

from collections.abc import Iterable, Mapping

from django.apps import apps

from tenants.database.owner_statements import ddl, rows
from tenants.database.role_settings import HELPER_ROLES, RESOLVER
from tenants.scope import JOBS, OPERATOR, ROUTER, WEBHOOKS

SCHEMA = "messaging"
QUEUE = "jobs"  # the schema of Procrastinate's own tables and functions
# the last three are Supabase's Data API
OUTSIDERS = ("PUBLIC", "anon", "authenticated", "service_role")


def revoke_everything(signing_in: Iterable[str]) -> None:
    """Revoke everything from the roles that sign in, from ours and from outsiders, so that a
    privilege which no grants list names any more is gone.
    """
    known = {name for (name,) in rows("SELECT rolname FROM pg_roles")} | {"PUBLIC"}
    outsiders = [role for role in OUTSIDERS if role in known]
    for schema in (SCHEMA, QUEUE):
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            for role in (*signing_in, *HELPER_ROLES, *outsiders):
                ddl(f"REVOKE ALL ON ALL {kind} IN SCHEMA {{}} FROM {{}}", schema, role)
        for role in outsiders:
            ddl("REVOKE ALL ON SCHEMA {} FROM {}", schema, role)


def grant_listed(holders: Mapping[str, Iterable[str]]) -> None:
    """Grant what the lists say. `holders`: who stands for a word that is no role's name."""
    for name, word, privileges in listed_grants():
        kind = "FUNCTION {}.{}" if privileges == "EXECUTE" else "{}.{}"
        for role in holders.get(word, [word]):
            ddl(f"GRANT {privileges} ON {kind} TO {{}}", SCHEMA, name, role)


def grant_queue() -> None:
    """Grant what the task queue needs: the pipeline, the operator and the delivery of webhooks put
    tasks in, within their own transactions, and for tenants a function that the resolver owns; one
    role works on them.
    """
    for kind, privileges in (
        ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
        ("SEQUENCES", "USAGE"),
        ("FUNCTIONS", "EXECUTE"),
    ):
        ddl(f"GRANT {privileges} ON ALL {kind} IN SCHEMA {{}} TO {{}}", QUEUE, JOBS)
    for role in (ROUTER, OPERATOR, WEBHOOKS, RESOLVER):
        ddl(
            "GRANT INSERT ON {}.procrastinate_jobs, {}.procrastinate_events TO {}",
            QUEUE,
            QUEUE,
            role,
        )
        ddl("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}", QUEUE, role)
        ddl("GRANT EXECUTE ON FUNCTION {}.procrastinate_defer_jobs_v1 TO {}", QUEUE, role)
    for role in (ROUTER, WEBHOOKS, RESOLVER):
        ddl("GRANT SELECT (id) ON {}.procrastinate_jobs TO {}", QUEUE, role)
    ddl(
        "GRANT SELECT ON {}.procrastinate_jobs, {}.procrastinate_events TO {}",
        QUEUE,
        QUEUE,
        OPERATOR,
    )
    for role in (OPERATOR, RESOLVER):
        ddl("GRANT SELECT (last_heartbeat) ON {}.procrastinate_workers TO {}", QUEUE, role)


def listed_grants() -> Iterable[tuple[str, str, str]]:
    """Yield (table or function, role or a word for some, privileges) from the `grants` of every
    app's AppConfig.
    """
    for app in apps.get_app_configs():
        for name, roles in getattr(app, "grants", {}).items():
            for role, privileges in roles.items():
                yield name, role, privileges
