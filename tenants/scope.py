"""Scopes: which tenant's rows may be touched right now.

A scope is one transaction, as one database role, for one tenant or for all of them. Everything is
set transaction-locally (`set_config(..., true)`), so neither a kept connection nor a pooler can
carry it over: the end of the transaction undoes it. What a raw statement set for the whole session
(role, tenant, search path) is set anew at a scope's beginning, in one statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from tenants.primary import leaving_read_only

OPERATOR = "msg_operator"
ROUTER = "msg_router"
AUTH = "msg_auth"
JOBS = "msg_jobs"  # of the process that runs background tasks: their queue, and nothing else
SEQUENCER = "msg_sequencer"  # gives the events of the log their positions, and nothing else
WEBHOOKS = "msg_webhooks"  # reads the log of events, and delivers it to the endpoints
# what the runtime role turns into, for a transaction at a time
ASSUMED_ROLES = (OPERATOR, ROUTER, AUTH, JOBS, SEQUENCER, WEBHOOKS)

SEARCH_PATH = "messaging, jobs, pg_temp"  # pg_temp last: no temporary table stands before ours

# What every scope sets, so that nothing an earlier statement left in the session reaches into it.
UNTOUCHED = {"role": "none", "app.tenant_id": "", "search_path": SEARCH_PATH, "row_security": "on"}
# The pipeline looks up rows by index, in memory or on a solid-state disk; compiling a statement
# takes longer than running it.
ROUTER_SETTINGS = {
    "statement_timeout": "30s",
    # what a worker that was cut off holds locked stops a channel's replies for no longer
    "idle_in_transaction_session_timeout": "10s",
    "random_page_cost": "1.1",
    "jit": "off",
}


class NoTenantScope(RuntimeError):
    """Tenant data was asked for outside a scope that may see it."""


@dataclass(frozen=True)
class Scope:
    """`tenant_id` None means every tenant, which only a `role` of its own may see. `database`: the
    server that its transaction is on.
    """

    role: str | None = None
    tenant_id: UUID | None = None
    database: str = field(default=DEFAULT_DB_ALIAS, compare=False)


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)
_database: ContextVar[str] = ContextVar("database", default=DEFAULT_DB_ALIAS)


@contextmanager
def scopes_on(database: str) -> Iterator[None]:
    """Open the scopes of this block on that server."""
    token = _database.set(database)
    try:
        yield
    finally:
        _database.reset(token)


def database_in_use() -> str:
    """Return the server of the current scope; without one, the primary."""
    scope = _current.get()
    return scope.database if scope else DEFAULT_DB_ALIAS


def current_scope() -> Scope:
    """Return the scope that tenant data is read in. Raises NoTenantScope if there is none."""
    scope = _current.get()
    if scope is None or scope.role == AUTH:
        raise NoTenantScope(
            "Tenant data needs a scope: open tenant_scope(tenant_id), or operator_scope() for"
            " staff's work."
        )
    return scope


@contextmanager
def tenant_scope(tenant_id: UUID) -> Iterator[None]:
    """Open one tenant's rows, as the application's own role."""
    with _open(Scope(tenant_id=tenant_id), {"app.tenant_id": str(tenant_id)}):
        yield


@contextmanager
def operator_scope() -> Iterator[None]:
    """Open every tenant's rows, for platform staff and management commands."""
    with _open(Scope(role=OPERATOR), {"role": OPERATOR}):
        yield


@contextmanager
def router_scope(lock_timeout: str = "2s", **settings: str) -> Iterator[None]:
    """Open every tenant's rows for the pipeline, with short timeouts, because the next batch waits
    behind it. `settings`: more of PostgreSQL's own.
    """
    own = {"role": ROUTER, **ROUTER_SETTINGS, "lock_timeout": lock_timeout, **settings}
    with _open(Scope(role=ROUTER), own):
        yield


@contextmanager
def sequencer_scope(**settings: str) -> Iterator[None]:
    """Open the positions of every tenant's events, with short timeouts, because all that reads
    them waits behind it. `settings`: more of PostgreSQL's own.
    """
    own = {"role": SEQUENCER, **ROUTER_SETTINGS, "lock_timeout": "2s", **settings}
    with _open(Scope(role=SEQUENCER), own):
        yield


@contextmanager
def webhooks_scope() -> Iterator[None]:
    """Open every tenant's events, endpoints and what they still wait for, to deliver events."""
    own = {"role": WEBHOOKS, **ROUTER_SETTINGS, "lock_timeout": "2s"}
    with _open(Scope(role=WEBHOOKS), own):
        yield


@contextmanager
def auth_scope() -> Iterator[None]:
    """Open users, sessions and the admin log, and no tenant data at all."""
    with _open(Scope(role=AUTH), {"role": AUTH}):
        yield


def become_operator() -> None:
    """Turn auth_scope into the operator's for the rest of the transaction, once it is known that
    staff are asking.
    """
    if _current.get() != Scope(role=AUTH):
        raise RuntimeError("Only an auth_scope turns into the operator's.")
    _set({"role": OPERATOR})
    _current.set(Scope(role=OPERATOR))


@contextmanager
def member_scope(tenant_id: UUID) -> Iterator[None]:
    """Open one tenant's rows, as the application's own role, within auth_scope: once it is known
    that a member, or whoever has an invitation or a connect link of the tenant, is asking.

    Afterwards the session can be saved again. After an error nothing is set back: the transaction
    is rolled back.
    """
    if _current.get() != Scope(role=AUTH):
        raise RuntimeError("Only an auth_scope turns into a member's.")
    _set({"role": "none", "app.tenant_id": str(tenant_id)})
    token = _current.set(Scope(tenant_id=tenant_id))
    try:
        yield
    finally:
        _current.reset(token)
    _set({"role": AUTH, "app.tenant_id": ""})


@contextmanager
def _open(scope: Scope, settings: dict[str, str]) -> Iterator[None]:
    database = _database.get()
    # durable: a scope inside a scope is refused
    with leaving_read_only(database), transaction.atomic(using=database, durable=True):
        token = _current.set(replace(scope, database=database))
        try:
            _set(UNTOUCHED | settings)
            yield
        finally:
            _current.reset(token)


def _set(settings: dict[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with connections[database_in_use()].cursor() as cursor:
        cursor.execute(
            f"SELECT {calls}", [part for setting in settings.items() for part in setting]
        )
