"""Writing the audit log, in the transaction of what an entry tells of: either both are kept or
neither.

An entry holds ids, and names of fields and orders: never a text, a number or a secret.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from getpass import getuser
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from tenants.models import AuditEntry, Tenant, User

Action = AuditEntry.Action
Owned = tuple[UUID | None, Sequence[Any]]  # a tenant, and the ids of what is its own


def record(
    who: User | AnonymousUser | None,
    action: Action,
    kind: type[Model] | None = None,
    owned: Iterable[Owned] = (),
    **detail: Any,
) -> None:
    """Add an entry for each tenant whose rows these are; one without a row, if there are none.

    `who`: None for whoever typed a command of manage.py. `detail`: never a value of a row. In a
    scope of the operator, or of the sign-in.
    """
    rows_of: dict[UUID | None, list[Sequence[Any]]] = defaultdict(list)
    for tenant_id, ids in owned:
        rows_of[tenant_id].append(ids)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            user_id=who.pk if who else None,
            username=who.get_username() if who else os_user(),
            action=action,
            kind=kind._meta.label_lower if kind else "",
            tenant_id=tenant_id,
            object_ids=list(dict.fromkeys(str(id) for ids in rows for id in ids)),
            detail={**detail, "rows": len(rows)} if len(rows) > 1 else detail,
        )
        for tenant_id, rows in (rows_of or {None: []}).items()
    )


def record_own(user: User, *fields: str) -> None:
    """Note that somebody changed their own account, if they are of the platform's staff."""
    if user.is_staff:
        record(user, Action.CHANGE, User, of_rows([user]), fields=list(fields))


def of_rows(rows: Iterable[Model]) -> list[Owned]:
    """Return whose each row is, with its id and the ids of what it is about: those that its model
    names in `audited_with`.
    """
    return [(tenant_of(row), ids_of(row)) for row in rows]


def of_ids(model: type[Model], ids: Iterable[Any]) -> list[Owned]:
    """Return whose the rows with these ids are, by one query at most."""
    wanted = list(ids)
    if not any(field.name == "tenant" for field in model._meta.concrete_fields):
        return [(id if model is Tenant else None, [id]) for id in wanted]
    names = ("tenant_id", "pk", *getattr(model, "audited_with", ()))
    found = model._base_manager.filter(pk__in=wanted).values_list(*names)
    return [(tenant_id, present(ids)) for tenant_id, *ids in found]


def tenant_of(row: Model) -> UUID | None:
    return row.pk if isinstance(row, Tenant) else getattr(row, "tenant_id", None)


def ids_of(row: Model) -> list[Any]:
    return present([row.pk, *(getattr(row, name) for name in getattr(row, "audited_with", ()))])


def present(ids: Iterable[Any]) -> list[Any]:
    return [id for id in ids if id is not None]


def os_user() -> str:
    """Return the operating system's user; "unknown" where it has no name, as in a container."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "unknown"
