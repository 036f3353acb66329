"""Who may do what: as the grants lists say it, and as PostgreSQL's catalogue does."""

import re

from tenants.database.grants import listed_grants
from tenants.database.logins import GRANTED

ONE_FOR_ALL = dict.fromkeys(GRANTED, "msg_app")
Grant = tuple[str, str, str, str | None]  # relation or function, role, privilege, column


def listed() -> set[Grant]:
    """The grants lists, one entry a privilege; `SELECT (a, b)` is one a column."""
    found: set[Grant] = set()
    for name, role, privileges in listed_grants():
        for privilege, columns in re.findall(r"(\w+)(?: \(([^)]*)\))?(?:, |$)", privileges):
            for column in columns.split(", ") if columns else [None]:
                found.add((name, ONE_FOR_ALL.get(role, role), privilege, column))
    return found


PRIVILEGES = """
    SELECT name, coalesce(r.rolname::text, 'PUBLIC'), privilege_type, attname, is_grantable
    FROM (
        SELECT relname::text AS name, NULL::text AS attname, relowner AS owner, acl.*
        FROM pg_class, aclexplode(relacl) acl WHERE relnamespace = 'messaging'::regnamespace
        UNION ALL
        SELECT relname::text, attname::text, relowner, acl.*
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT attisdropped,
            aclexplode(attacl) acl
        WHERE relnamespace = 'messaging'::regnamespace
        UNION ALL
        SELECT proname::text, NULL, proowner, acl.*
        FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) acl
        WHERE pronamespace = 'messaging'::regnamespace
    ) every LEFT JOIN pg_roles r ON r.oid = grantee
    WHERE grantee <> owner
"""
