"""Session settings of our roles (ALTER ROLE ... SET): those that prepare_database gives them, and
those that nobody else may give.

A role may set most parameters for itself, `role` among them: one raw statement could make every
later session another role's.
"""

from collections.abc import Iterator

from django.db import connection

from tenants.scope import ASSUMED_ROLES, SEARCH_PATH

RESOLVER = "msg_resolver"  # owns the SECURITY DEFINER look-ups; nobody may become it but the owner
HELPER_ROLES = (*ASSUMED_ROLES, RESOLVER)

RUNTIME_SETTINGS = {
    "search_path": SEARCH_PATH,
    "timezone": "UTC",
    "lock_timeout": "2s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    # A machine that has lost its network says no good-bye: its sessions end after a minute, not
    # after the two hours of the system.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "60000",
}

# What a whole database may not give its sessions; everything else there is its administrator's
# business.
REFUSED_OF_A_DATABASE = (
    "role",
    "session_authorization",
    "row_security",
    "session_replication_role",
    "app.tenant_id",
)

# What may be tuned for a role: memory, plans, logs and keep-alives.
HARMLESS = (
    "work_mem",
    "hash_mem_multiplier",
    "temp_buffers",
    "jit",
    "log_",
    "enable_",
    "tcp_",
    "application_name",
    "max_parallel_",
    "random_page_cost",
    "effective_",
    "auto_explain.",
    "pg_stat_statements.",
    "track_",
)

SETTINGS = """
    SELECT coalesce(r.rolname::text, ''), lower(split_part(given, '=', 1)), substr(given,
        strpos(given, '=') + 1)
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS
        JOIN unnest(s.setconfig) AS given
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND (s.setrole = 0 OR r.rolname = session_user OR r.rolname = ANY(%s))
    ORDER BY 1, 2, 3
"""


def faults() -> Iterator[tuple[str, bool]]:
    """Yield (sentence, whether it is harmless) for each setting that `prepare_database` would not
    leave as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user::text")
        (login,) = cursor.fetchone()
        cursor.execute(SETTINGS, [list(HELPER_ROLES)])
        given = cursor.fetchall()
    for role, name, value in given:
        if role and not is_ours(role, name, value, login):
            yield (
                f"The role {role!r} begins each session with {name} = {value!r}.",
                name.startswith(HARMLESS),
            )
        if not role and name in REFUSED_OF_A_DATABASE:
            yield f"The database begins each session with {name} = {value!r}.", False
    for name, value in RUNTIME_SETTINGS.items():
        if (login, name, value) not in given:
            yield f"The role {login!r} does not begin its sessions with {name} = {value!r}.", False


def is_ours(role: str, name: str, value: str, login: str) -> bool:
    return role == login and RUNTIME_SETTINGS.get(name) == value
