"""The passwords of the logins of hardened mode, as the release step is given them in its
environment; and the addresses that the processes sign in at.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import CommandError

from tenants.database.logins import LOGINS, existing, name_of

AT_LEAST = 16  # characters


def given(runtime_role: str) -> Mapping[str, str]:
    """Return the password of each process's login, empty for one that keeps its own. As the owner.
    Raises CommandError, which names all that is wrong.
    """
    if faults := list(faults_of(settings.LOGIN_PASSWORDS, existing(runtime_role), runtime_role)):
        raise CommandError("\n".join(faults))
    passwords: Mapping[str, str] = settings.LOGIN_PASSWORDS
    return passwords


def faults_of(
    passwords: Mapping[str, str], existing: Mapping[str, object], runtime_role: str
) -> Iterator[str]:
    used = Counter(filter(None, passwords.values()))
    for process in LOGINS:
        password, name = passwords[process], name_of(process, runtime_role)
        variable = f"{process.upper().replace('-', '_')}_LOGIN_PASSWORD"
        if not password and name not in existing:
            yield (
                f"{variable} is not set: the login {name!r} is new. Set it in the environment of"
                " this command alone."
            )
        elif password and len(password) < AT_LEAST:
            yield f"{variable} is too short: take {AT_LEAST} random characters or more."
        elif used[password] > 1:
            yield f"{variable} is the password of another login, too: each needs its own."


def addresses(runtime: Mapping[str, Any]) -> dict[str, str]:
    """Return what each process's DATABASE_URL begins with, with PASSWORD for its password.
    `runtime`: the settings of the runtime role's.
    """
    project = runtime["USER"].removeprefix(runtime["ROLE"])  # which Supabase's pooler wants
    place = f"{hosts_of(runtime['HOST'], str(runtime['PORT']))}/{runtime['NAME']}"
    if "," in runtime["HOST"]:
        place += f"?target_session_attrs={runtime['OPTIONS']['target_session_attrs']}"
    return {
        process: f"postgresql://{name_of(process, runtime['ROLE'])}{project}:PASSWORD@{place}"
        for process in LOGINS
    }


def hosts_of(names: str, ports: str) -> str:
    """Return the hosts as a URL has them. `names` and `ports`: Django's HOST and PORT, which are
    lists where a standby stands beside the primary.
    """
    hosts = names.split(",")
    pairs = zip(hosts, ports.split(",") if ports else [""] * len(hosts), strict=True)
    return ",".join(quoted(name) + (f":{port}" if port else "") for name, port in pairs)


def quoted(host: str) -> str:
    """Return a host's name, socket folder or IPv6 address as a URL has it."""
    return f"[{host}]" if ":" in host else quote(host, safe="")
