"""System checks: the process does not start on a database that would not keep tenants apart, and
warns about a wildcard in ALLOWED_HOSTS.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader

from tenants.database import logins, role_settings
from tenants.isolation import TenantRLS, protected_tables
from tenants.models import TenantModel
from tenants.scope import ASSUMED_ROLES

PREPARE = (
    "Run `manage.py prepare_database` with DATABASE_OWNER_URL, then use the role that it made in"
    " DATABASE_URL."
)
HARDENED = (
    "Give each process the DATABASE_URL that `manage.py prepare_database --hardened` names for it:"
    " docs/hardened.md."
)

ROLE = """
    SELECT r.rolname, r.rolsuper, r.rolbypassrls,
           EXISTS (SELECT FROM pg_roles o WHERE (o.rolsuper OR o.rolbypassrls)
               AND pg_has_role(r.oid, o.oid, 'MEMBER')),
           EXISTS (SELECT FROM unnest(%s::text[]) name JOIN pg_class c
               ON c.oid = to_regclass(quote_ident(name))
                   WHERE pg_has_role(r.oid, c.relowner, 'MEMBER')),
           EXISTS (SELECT FROM pg_roles o WHERE o.rolname = ANY(%s) AND pg_has_role(r.oid, o.oid,
               'USAGE'))
    FROM pg_roles r WHERE r.rolname = session_user
"""
TABLES = """
    SELECT name, relrowsecurity AND relforcerowsecurity
    FROM unnest(%s::text[]) WITH ORDINALITY AS named (name, place)
    LEFT JOIN pg_class ON pg_class.oid = to_regclass(quote_ident(name))
    ORDER BY place
"""


@register()
def every_tenant_model_is_isolated(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a tenant model without TenantRLS in Meta.constraints, before it becomes a table."""
    return [
        Error(
            f"{model.__name__} has tenants' rows but no TenantRLS among its constraints.",
            id="tenants.E001",
        )
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        and not any(isinstance(rule, TenantRLS) for rule in model._meta.constraints)
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(**kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    said = (
        "ALLOWED_HOSTS holds '*', which trusts every Host header, also in redirects: list the host"
        " names instead."
    )
    return [Warning(said, id="tenants.W001")]


@register()
def database_keeps_tenants_apart(**kwargs: Any) -> list[CheckMessage]:
    """Check that row level security binds the runtime role, and is forced on every table that needs
    it.
    """
    try:
        return database_faults()
    except (DatabaseError, InterfaceError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return [
            Error(
                f"The database named by DATABASE_URL does not answer: {reason}", id="tenants.E002"
            )
        ]


def database_faults() -> list[CheckMessage]:
    """Return what is wrong with the login, its sessions and the tables. Raises if the database does
    not answer.
    """
    if refused := role_faults():
        return [*refused, *table_faults()]
    return [*setting_faults(), *(table_faults() or login_faults())]


def role_faults() -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(ROLE, [protected_tables(), list(ASSUMED_ROLES)])
        name, is_superuser, bypasses, may_become_one, is_owner, inherits = cursor.fetchone()
    reasons = {
        "is a superuser": is_superuser,
        "has BYPASSRLS": bypasses and not is_superuser,
        "may become a role that bypasses row level security": may_become_one
        and not (is_superuser or bypasses),
        "owns tenants' tables": is_owner and not (is_superuser or may_become_one),
        "inherits the operator's or the pipeline's rights": inherits
        and not (is_superuser or is_owner),
    }
    return [
        Error(
            f"The role {name!r} of DATABASE_URL {reason}: row level security would not bind it.",
            hint=PREPARE,
            id="tenants.E003",
        )
        for reason, applies in reasons.items()
        if applies
    ]


def setting_faults() -> list[CheckMessage]:
    """Return errors for session settings of our roles other than those that prepare_database gives
    them, and warnings for harmless ones.
    """
    return [
        (
            Warning(sentence, hint=PREPARE, id="tenants.W006")
            if is_harmless
            else Error(sentence, hint=PREPARE, id="tenants.E006")
        )
        for sentence, is_harmless in role_settings.faults()
    ]


def login_faults() -> list[CheckMessage]:
    """Return errors for what the process needs and its login may not do, and in hardened mode for
    what the login may do without need.
    """
    return [
        Error(sentence, hint=HARDENED if settings.PROCESS else PREPARE, id="tenants.E007")
        for sentence in logins.faults()
    ]


def keeps_tenants_apart() -> bool:
    """Return whether the checks find no error. Raises if the database does not answer."""
    return not any(fault.is_serious() for fault in database_faults())


def table_faults() -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [protected_tables()])
        is_forced: dict[str, bool | None] = dict(cursor.fetchall())
    for table, found in is_forced.items():
        if found is None:
            said = f"The table {table!r} is not there: the database is not prepared."
            return [Error(said, hint=PREPARE, id="tenants.E004")]
    return [
        Error(f"Row level security is not forced on {table!r}.", hint=PREPARE, id="tenants.E005")
        for table, found in is_forced.items()
        if not found
    ]


_applied = False


def are_migrations_applied() -> bool:
    """Whether no migration is missing, not even between others.

    Asked until it is so: migrations are not taken back under a running process.
    """
    global _applied
    if not _applied:
        loader = MigrationLoader(connection)
        _applied = loader.graph.nodes.keys() <= loader.applied_migrations.keys()
    return _applied
