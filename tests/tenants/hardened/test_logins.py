"""What whoever has stolen a login of hardened mode can do with it, by raw SQL: the whole table."""

import psycopg
import pytest

from tests.tenants.hardened.stage import PROCESSES, Hardened

pytestmark = pytest.mark.whatsapp

DENIED = "42501"
# yes: it is carried out; no: PostgreSQL refuses it with 42501; none: it finds no row.
TABLE = """
                                        webhooks  api   pages  back-office  worker  jobs
become msg_operator                     no        no    no     yes          no      yes
become msg_router                       no        no    no     yes          yes     yes
become msg_auth                         no        no    yes    yes          no      yes
become msg_jobs                         no        no    no     no           no      yes
become msg_sequencer                    no        no    no     no           no      yes
become msg_webhooks                     no        no    no     no           no      yes
become msg_resolver                     no        no    no     no           no      no
become the owner                        no        no    no     no           no      no
become the runtime role                 no        no    no     no           no      no
put a webhook in                        yes       no    no     no           no      no
put a webhook in, within Acme           yes       no    no     no           no      no
read webhooks                           no        no    no     no           no      no
read tenants without a scope            no        none  none   none         no      none
read messages without a scope           no        none  none   none         no      none
read sealed tokens without a scope      no        none  none   none         no      none
read sealed tokens within Acme          no        yes   yes    yes          no      yes
read past row security                  no        no    no     no           no      no
read API keys                           no        no    no     no           no      no
read users                              no        no    no     no           no      no
read sessions                           no        no    no     no           no      no
read the audit log                      no        no    no     no           no      no
write the audit log                     no        no    no     no           no      no
write the audit log as msg_auth         no        no    yes    yes          no      yes
change the audit log as msg_operator    no        no    no     no           no      no
put a task in                           no        no    no     no           no      no
make a table                            no        no    no     no           no      no
make a table for everybody              no        no    no     no           no      no
take row security away                  no        no    no     no           no      no
make a role                             no        no    no     no           no      no
give itself a role                      no        no    no     no           no      no
give another login a role to begin with no        no    no     no           no      no
let msg_operator sign in                no        no    no     no           no      no
switch triggers off                     no        no    no     no           no      no
read a file of the server               no        no    no     no           no      no
become another session's user           no        no    no     no           no      no
write a file of the server              no        no    no     no           no      no
run a program of the server             no        no    no     no           no      no
read a file into a large object         no        no    no     no           no      no
write a large object to a file          no        no    no     no           no      no
read large objects                      no        no    no     no           no      no
read passwords' verifiers               no        no    no     no           no      no
make a function                         no        no    no     no           no      no
make a schema                           no        no    no     no           no      no
make an extension                       no        no    no     no           no      no
give rights on what will be made        no        no    no     no           no      no
count up another's ids                  no        no    no     no           no      no
change another login's password         no        no    no     no           no      no
put in a task by its function           no        no    no     no           no      no
change its own password                 yes       yes   yes    yes          yes     yes
make a temporary table                  yes       yes   yes    yes          yes     yes
make a large object                     yes       yes   yes    yes          yes     yes
take a lock by its number               yes       yes   yes    yes          yes     yes
wake who listens                        yes       yes   yes    yes          yes     yes
"""
DELIVERY = """INSERT INTO webhook_deliveries
    (id, kind, route_hint, body, received_at, waits_since, due_at, attempts, error)
    VALUES (gen_random_uuid(), 'whatsapp', '-', '{{}}', now(), now(), NULL, 0, '')"""
WITHIN_ACME = "SELECT set_config('app.tenant_id', '{acme}', true); "
ENTRY = """INSERT INTO audit_entries (id, at, username, action, kind, object_ids, detail)
    VALUES (gen_random_uuid(), now(), 'ada', 'read', '', '{{}}', '{{}}')"""
STATEMENTS = {
    "become the owner": "SET LOCAL ROLE msg_owner",
    "become the runtime role": "SET LOCAL ROLE {role}",
    "put a webhook in": DELIVERY,
    "put a webhook in, within Acme": WITHIN_ACME + DELIVERY,
    "read webhooks": "SELECT body FROM webhook_deliveries",
    "read tenants without a scope": "SELECT id FROM tenants",
    "read messages without a scope": "SELECT id FROM messages",
    "read sealed tokens without a scope": "SELECT credentials FROM channels",
    "read sealed tokens within Acme": WITHIN_ACME + "SELECT credentials FROM channels",
    "read past row security": "SET LOCAL row_security = off; SELECT credentials FROM channels",
    "read API keys": "SELECT hash FROM api_keys",
    "read users": "SELECT password FROM users",
    "read sessions": "SELECT session_data FROM django_session",
    "read the audit log": "SELECT id FROM audit_entries",
    "write the audit log": ENTRY,
    "write the audit log as msg_auth": "SET LOCAL ROLE msg_auth; " + ENTRY,
    "change the audit log as msg_operator": (
        "SET LOCAL ROLE msg_operator; UPDATE audit_entries SET username = 'nobody'"
    ),
    "put a task in": "INSERT INTO jobs.procrastinate_jobs (queue_name) VALUES ('mail')",
    "make a table": "CREATE TABLE messaging.loot (id int)",
    "make a table for everybody": "CREATE TABLE public.loot (id int)",
    "take row security away": "ALTER TABLE messages DISABLE ROW LEVEL SECURITY",
    "make a role": "CREATE ROLE thief",
    "give itself a role": "GRANT msg_operator TO CURRENT_USER",
    "give another login a role to begin with": "ALTER ROLE {other} SET role = 'msg_operator'",
    "let msg_operator sign in": "ALTER ROLE msg_operator LOGIN",
    "switch triggers off": "SET LOCAL session_replication_role = replica",
    "read a file of the server": "SELECT pg_read_file('PG_VERSION')",
    "become another session's user": "SET SESSION AUTHORIZATION {other}",
    "write a file of the server": "COPY (SELECT 1) TO '/tmp/loot'",
    "run a program of the server": "COPY (SELECT 1) TO PROGRAM 'id'",
    "read a file into a large object": "SELECT lo_import('/etc/passwd')",
    "write a large object to a file": "SELECT lo_export(1, '/tmp/loot')",
    "read large objects": "SELECT data FROM pg_largeobject",
    "read passwords' verifiers": "SELECT rolpassword FROM pg_authid",
    "make a function": "CREATE FUNCTION messaging.loot() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "make a schema": "CREATE SCHEMA loot",
    "make an extension": "CREATE EXTENSION dblink",
    "give rights on what will be made": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE msg_owner GRANT SELECT ON TABLES TO PUBLIC"
    ),
    "count up another's ids": "SELECT nextval('jobs.procrastinate_jobs_id_seq')",
    "change another login's password": "ALTER ROLE {other} PASSWORD 'a word of the thief'",
    "put in a task by its function": (
        "SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[]::jobs.procrastinate_job_to_defer_v1[])"
    ),
    "change its own password": "ALTER ROLE CURRENT_USER PASSWORD 'a word of the thief'",
    "make a temporary table": "CREATE TEMPORARY TABLE loot (id int)",
    "make a large object": "SELECT lo_create(0)",
    "take a lock by its number": "SELECT pg_advisory_xact_lock(1)",
    "wake who listens": "NOTIFY loot",
    **{
        f"become {role}": f"SET LOCAL ROLE {role}"
        for role in (
            "msg_operator",
            "msg_router",
            "msg_auth",
            "msg_jobs",
            "msg_sequencer",
            "msg_webhooks",
            "msg_resolver",
        )
    },
}
HEAD, *ROWS = TABLE.strip("\n").splitlines()
WIDTH = 40  # of the first column
EXPECTED = {
    row[:WIDTH].strip(): dict(zip(HEAD.split(), row[WIDTH:].split(), strict=True)) for row in ROWS
}


@pytest.fixture(scope="module")
def acme(stage: Hardened) -> str:
    done = stage.order("shell", "--command", NAME_ACME)
    return done.stdout.split()[-1]


NAME_ACME = """
from tenants.models import Tenant
from tenants.scope import operator_scope
with operator_scope():
    print(Tenant.objects.get(slug="acme").id)
"""


def outcome(connection: psycopg.Connection, statements: str) -> str:
    """What becomes of the last of these statements, which are taken back."""
    try:
        with connection.transaction(force_rollback=True):
            for statement in statements.split("; "):
                cursor = connection.execute(statement)
            return "yes" if cursor.description is None or cursor.fetchall() else "none"
    except psycopg.Error as error:
        return "no" if error.sqlstate == DENIED else f"{error.sqlstate}: {error}"


def test_every_process_is_in_the_table():
    assert tuple(HEAD.split()) == PROCESSES
    assert set(EXPECTED) == set(STATEMENTS)


@pytest.mark.parametrize("what", EXPECTED)
def test_a_stolen_login_may_do_what_the_table_says_and_no_more(what, stage, acme):
    found = {}
    for process in PROCESSES:
        other = stage.login_of("api" if process != "api" else "pages")
        statements = STATEMENTS[what].format(role=stage.role, acme=acme, other=other)
        with stage.connect(process) as connection:
            found[process] = outcome(connection, statements)

    assert found == EXPECTED[what]


@pytest.mark.parametrize("process", [each for each in PROCESSES if each != "webhooks"])
def test_no_login_but_the_webhooks_puts_a_webhook_in_whatever_it_turns_into(process, stage, acme):
    with stage.connect(process) as connection:
        query = "SELECT rolname::text FROM pg_roles WHERE pg_has_role(oid, 'MEMBER')"
        roles = [role for (role,) in connection.execute(query).fetchall()]
        assert stage.login_of(process) in roles
        found = {
            (role, scope): outcome(connection, f"SET LOCAL ROLE {role}; {scope}{DELIVERY.format()}")
            for role in roles
            for scope in ("", WITHIN_ACME.format(acme=acme))
        }

    assert set(found.values()) == {"no"}


@pytest.mark.parametrize("process", ["webhooks", "api", "pages"])
def test_what_a_stolen_login_plants_for_its_later_sessions_makes_it_no_other_role(process, stage):
    """It may plant it: PostgreSQL lets every role do so. The process is refused then."""
    login = stage.login_of(process)
    with stage.connect(process) as connection:
        connection.execute(f"ALTER ROLE {login} SET role = 'msg_operator'")

    with stage.connect(process) as later:
        assert later.execute("SELECT current_user::text").fetchone() == (login,)
        later.execute(f"ALTER ROLE {login} RESET role")
