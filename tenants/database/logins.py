"""The logins of hardened mode: one for each kind of process, which may do what that process needs
and no more. Which process this is, the setting PROCESS says; empty outside hardened mode.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from tenants.database.owner_statements import rows
from tenants.scope import ASSUMED_ROLES, AUTH, OPERATOR, ROUTER

APP, DOOR = "app", "door"  # the words of the grants lists for what logins are granted themselves
# what a login may do that was granted to it, by the word
GRANTED = {APP: "open tenants' scopes", DOOR: "put webhooks in"}


@dataclass(frozen=True, slots=True)
class Login:
    """`is_granted`: the words of the grants lists that it stands for; `becomes`: the roles that it
    may turn into.
    """

    is_granted: frozenset[str] = frozenset()
    becomes: frozenset[str] = frozenset()

    @property
    def abilities(self) -> frozenset[str]:
        """Return all that it may do, in words."""
        return frozenset(
            (*(GRANTED[word] for word in self.is_granted), *map("become {}".format, self.becomes))
        )


LOGINS = {
    "webhooks": Login(frozenset({DOOR})),
    "api": Login(frozenset({APP})),
    "pages": Login(frozenset({APP}), frozenset({AUTH})),
    "back-office": Login(frozenset({APP}), frozenset({OPERATOR, AUTH, ROUTER})),
    "worker": Login(becomes=frozenset({ROUTER})),
    "jobs": Login(frozenset({APP}), frozenset(ASSUMED_ROLES)),
}
ONE_FOR_ALL = Login(frozenset(GRANTED), frozenset(ASSUMED_ROLES))  # the runtime role

MAY = """
    SELECT session_user::text,
           ARRAY(SELECT o.rolname::text FROM pg_roles o
                 WHERE pg_has_role(session_user, o.oid, 'MEMBER') AND o.rolname <> session_user),
           has_table_privilege(session_user, to_regclass('tenants'), 'SELECT'),
           has_table_privilege(session_user, to_regclass('webhook_deliveries'), 'INSERT')
"""


def name_of(process: str, runtime_role: str) -> str:
    """Return what the login of a process is called, beside a runtime role of this name."""
    return f"{runtime_role}_{process.replace('-', '_')}"


def existing(runtime_role: str) -> dict[str, Login]:
    """Return the logins that are in the database, by their names. As the owner."""
    named = {name_of(process, runtime_role): login for process, login in LOGINS.items()}
    found = rows("SELECT rolname::text FROM pg_roles WHERE rolname = ANY(%s)", [list(named)])
    return {name: named[name] for (name,) in found}


def holders(runtime_role: str) -> Mapping[str, list[str]]:
    """Return who stands for each word of the grants lists. As the owner."""
    logins = {runtime_role: ONE_FOR_ALL, **existing(runtime_role)}
    return {
        word: [name for name, login in logins.items() if word in login.is_granted]
        for word in GRANTED
    }


def may_become(role: str) -> bool:
    """Return whether this process's login is one that may turn into the role."""
    return not settings.PROCESS or role in LOGINS[settings.PROCESS].becomes


def faults() -> Iterator[str]:
    """Yield a sentence for each thing that this process needs and its login may not do; in hardened
    mode also for each that it may do without need.
    """
    process, wanted = settings.PROCESS, LOGINS.get(settings.PROCESS, ONE_FOR_ALL).abilities
    with connection.cursor() as cursor:
        cursor.execute(MAY)
        name, roles, is_app, is_door = cursor.fetchone()
    found = Login(
        frozenset(word for word, has in ((APP, is_app), (DOOR, is_door)) if has), frozenset(roles)
    ).abilities
    who = f"The role {name!r} of DATABASE_URL may"
    for missing in sorted(wanted - found):
        needs = f"the process {process!r} needs" if process else "a process needs without PROCESS"
        yield f"{who} not {missing}, which {needs}."
    for needless in sorted(found - wanted) if process else ():
        yield f"{who} {needless}, which the process {process!r} must not."
