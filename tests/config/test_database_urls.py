"""Addresses of databases as other tools write them; what is wrong is said without the password."""

import re
from functools import partial

import pytest

from config.database_urls import database
from tests.support.database import runtime_url
from tests.support.processes import manage

CANARY = "canary"
FORM = "is not a PostgreSQL address: write postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE."
SPECIAL = (
    "has a special character, most likely in its password, that must be percent-encoded: write @ as"
    " %40, # as %23, / as %2F, ? as %3F, % as %25, [ as %5B, ] as %5D, a blank as %20."
)
WELL = f"postgresql://msg_app:{CANARY}@127.0.0.1:6543/postgres"


def said(read, url: str) -> list[str]:
    """The sentences about it, without the variable's name; never with the password."""
    sentences = read(partial(database, "DATABASE_OWNER_URL", url))[1]
    assert re.findall(CANARY, "".join(sentences)) == []
    return [sentence.removeprefix("DATABASE_OWNER_URL ") for sentence in sentences]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("schema=public", "has the parameter schema, which the driver does not know: take it out."),
        (
            "sslmode=require&sslaccept=strict",
            "has the parameter sslaccept, which the driver does not know: take it out.",
        ),
        (
            "conn_max_age=0",
            "has the parameter conn_max_age, which the driver does not know: take it out.",
        ),
        (
            "AUTOCOMMIT=False",
            "has the parameter AUTOCOMMIT, which the driver does not know: take it out.",
        ),
        (
            "SSLMODE=require",
            "has the parameter SSLMODE, which the driver does not know: take it out.",
        ),
        ("pool=true", "has the parameter pool, which the driver does not know: take it out."),
        (
            "prepare_threshold=0",
            "has the parameter prepare_threshold, which the driver does not know: take it out.",
        ),
        (
            "pgbouncer=true&connection_limit=1&pool_timeout=0",
            (
                "has the parameters connection_limit, pool_timeout, which the driver does not"
                " know: take them out."
            ),
        ),
    ],
)
def test_a_parameter_that_the_driver_does_not_know_is_named(read, query, sentence):
    assert said(read, f"{WELL}?{query}") == [sentence]


@pytest.mark.parametrize(
    "query",
    [
        "sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem",
        "sslmode=require&channel_binding=require",
        "connect_timeout=10",
        "application_name=messaging",
        "options=-c%20statement_timeout%3D5000",
        "target_session_attrs=read-write",
        "hostaddr=127.0.0.1&sslnegotiation=postgres&keepalives=1",
        "sslmode=",
        "",
    ],
)
def test_a_parameter_that_the_driver_knows_is_taken(read, query):
    assert said(read, f"{WELL}?{query}") == []


@pytest.mark.parametrize(
    ("hosts", "host", "port"),
    [
        ("one:5432,two:5433", "one,two", "5432,5433"),
        ("one,two,three", "one,two,three", ""),
        ("[::1]:5432,[fe80::2]:5433", "::1,fe80::2", "5432,5433"),
    ],
)
@pytest.mark.parametrize("wanted", ["read-write", "primary"])
def test_an_address_with_several_hosts_leads_to_the_one_that_takes_writes(
    read, hosts, host, port, wanted
):
    url = f"postgresql://msg_app:word@{hosts}/messaging?target_session_attrs={wanted}"
    settings, faults = read(partial(database, "DATABASE_URL", url))

    understood = (settings["HOST"], settings["PORT"], settings["OPTIONS"]["target_session_attrs"])
    assert (understood, faults) == ((host, port, wanted), [])


ASKS_FOR_NONE = (
    "has several hosts, and does not ask for the one that takes writes: put"
    " ?target_session_attrs=read-write behind the database."
)
NO_HOST = (
    "has several hosts, and one of them is no HOST or HOST:PORT: write"
    " postgresql://ROLE:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?target_session_attrs=read-write."
)
SOME_PORTS = "has several hosts, and a port for some of them alone: write HOST:PORT for each."
NO_WRITES = (
    "has a target_session_attrs that asks for a server which takes no writes, or that the driver"
    " does not know: write one of read-write, primary, any."
)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("one:5432,two:5432/messaging", ASKS_FOR_NONE),
        ("one:5432,two:5432/messaging?target_session_attrs=any", ASKS_FOR_NONE),
        ("one:5432,two:5432/messaging?target_session_attrs=prefer-standby", ASKS_FOR_NONE),
        ("one:5432,/messaging?target_session_attrs=read-write", NO_HOST),
        ("one:5432,two:abc/messaging?target_session_attrs=read-write", NO_HOST),
        ("one:6432,two/messaging?target_session_attrs=read-write", SOME_PORTS),
        ("one,two:6432/messaging?target_session_attrs=read-write", SOME_PORTS),
        ("one:5432/messaging?target_session_attrs=read-only", NO_WRITES),
        ("one:5432/messaging?target_session_attrs=standby", NO_WRITES),
        ("one:5432/messaging?target_session_attrs=writable", NO_WRITES),
    ],
)
def test_an_address_that_may_lead_to_a_standby_is_refused(read, place, sentence):
    assert said(read, f"postgresql://msg_app:{CANARY}@{place}") == [sentence]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("pgbouncer", "has the parameter pgbouncer, which must be true or false."),
        ("pgbouncer=", "has the parameter pgbouncer, which must be true or false."),
        ("pgbouncer=yes", "has the parameter pgbouncer, which must be true or false."),
        (
            "sslmode=no-verify",
            (
                "has an sslmode that the driver does not know: write one of disable, allow, prefer,"
                " require, verify-ca, verify-full."
            ),
        ),
    ],
)
def test_a_value_that_means_nothing_is_refused_with_those_that_do(read, query, sentence):
    assert said(read, f"{WELL}?{query}") == [sentence]


PROJECT = "abcdefghijklmnopqrst"
DIRECT = f"db.{PROJECT}.supabase.co"
POOLER = "aws-0-eu-central-1.pooler.supabase.com"


@pytest.mark.parametrize(
    ("role", "place", "known_as", "is_pooled"),
    [
        ("msg_app", f"{DIRECT}:5432/postgres", "msg_app", False),
        ("msg_app", f"{DIRECT}:5432/postgres?sslmode=require", "msg_app", False),
        ("msg_app", f"{DIRECT}:6543/postgres", "msg_app", True),
        (f"msg_app.{PROJECT}", f"{POOLER}:5432/postgres", "msg_app", False),
        (f"msg_app.{PROJECT}", f"{POOLER}:6543/postgres", "msg_app", True),
        (f"msg_app.{PROJECT}", f"{POOLER}:6543/postgres?pgbouncer=true", "msg_app", True),
        (f"m.app.{PROJECT}", f"{POOLER.upper()}:5432/postgres", "m.app", False),
        ("msg_app", "10.0.0.1:6543/postgres", "msg_app", False),
        ("msg_app", "10.0.0.1:6432/postgres?pgbouncer=true&sslmode=require", "msg_app", True),
        ("msg_app", "10.0.0.1:5432/postgres?pgbouncer=false", "msg_app", False),
        ("m.app", "10.0.0.1:5432/postgres", "m.app", False),
    ],
)
def test_the_addresses_that_supabase_shows_are_understood(read, role, place, known_as, is_pooled):
    url = f"postgresql://{role}:{CANARY}@{place}"
    settings, faults = read(partial(database, "DATABASE_URL", url))

    understood = (settings["USER"], settings["ROLE"], settings["TRANSACTION_POOLER"])
    assert (understood, faults) == ((role, known_as, is_pooled), [])
    assert [name for name in settings["OPTIONS"] if name in ("pgbouncer", "sslmode")] == (
        ["sslmode"] if "sslmode" in place else []
    )


@pytest.mark.parametrize(
    ("role", "host", "sentence"),
    [
        (
            "msg_app",
            POOLER,
            (
                "leads to Supabase's pooler, which finds the project by the role's name: write"
                " ROLE.PROJECT there, msg_app.PROJECT for instance."
            ),
        ),
        (
            f"msg_app.{PROJECT}",
            DIRECT,
            (
                f"leads to the project itself, where the role's name stands alone: take .{PROJECT}"
                " out, which only the pooler wants."
            ),
        ),
    ],
)
def test_the_form_of_a_roles_name_is_that_of_its_host(read, role, host, sentence):
    assert said(read, f"postgresql://{role}:{CANARY}@{host}:5432/postgres") == [sentence]


@pytest.mark.parametrize(
    "password",
    [
        *(f"{CANARY}{mark}1" for mark in "@#/?[] "),
        f"{CANARY}@/x",
        f"{CANARY}?a=b",
        f"{CANARY}%zz",
        f"[{CANARY}]",
    ],
)
def test_a_special_character_in_a_password_is_to_be_percent_encoded(read, password):
    assert said(read, f"postgresql://msg_app:{password}@127.0.0.1:6543/postgres") == [SPECIAL]


@pytest.mark.parametrize("end", ["#ours", " # ours", "?application_name=ada@acme"])
def test_a_special_character_behind_the_database_is_to_be_percent_encoded_too(read, end):
    assert said(read, WELL + end) == [SPECIAL]


@pytest.mark.parametrize(
    ("encoded", "password"),
    [
        ("a%40b%23c%2Fd%3Fe%25f%5Bg%5Dh%20i", "a@b#c/d?e%f[g]h i"),
        ("a:b", "a:b"),
        ("a+b=c&d", "a+b=c&d"),
        ("~!$*(),;'-_.", "~!$*(),;'-_."),
    ],
)
def test_what_is_percent_encoded_and_what_need_not_be_is_the_password(read, encoded, password):
    settings, faults = read(
        partial(database, "DATABASE_URL", f"postgresql://msg_app:{encoded}@127.0.0.1/postgres")
    )
    assert (settings["PASSWORD"], faults) == (password, [])


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            WELL.replace("postgresql", "postgresql+psycopg"),
            "begins with postgresql+psycopg://, which names a driver: write postgresql:// alone.",
        ),
        (
            WELL.replace("postgresql", "postgres+asyncpg"),
            "begins with postgres+asyncpg://, which names a driver: write postgresql:// alone.",
        ),
        (f"jdbc:{WELL}", FORM),
        (f"psql {WELL}", FORM),
        (WELL.replace("postgresql", "prisma"), FORM),
        (f"host=127.0.0.1 user=msg_app password={CANARY}", FORM),
        (f"postgresql://msg_app:{CANARY}@127.0.0.1:6543", FORM),
        (f"postgresql://msg_app:{CANARY}@127.0.0.1:6543/?sslmode=require", FORM),
        ("postgresql://127.0.0.1:6543/postgres", FORM),
        (f"postgresql://msg_app:{CANARY}@127.0.0.1:65536/postgres", FORM),
    ],
)
def test_an_address_of_another_kind_is_refused(read, url, sentence):
    assert said(read, url) == [sentence]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "PostgreSQL"])
def test_both_of_postgresqls_schemes_are_taken(read, scheme):
    settings, faults = read(partial(database, "DATABASE_URL", WELL.replace("postgresql", scheme)))
    named = (settings["ENGINE"].rpartition(".")[2], settings["NAME"], settings["PORT"])
    assert (named, faults) == (("postgresql", "postgres", 6543), [])


def test_the_report_is_answered_with_one_sentence():
    done = manage("nowhere", "check", DATABASE_URL=f"{WELL}?connection_limit=1")

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "DATABASE_URL has the parameter connection_limit, which the driver does not know: take it"
        " out.\n",
    )


def test_what_the_driver_knows_reaches_the_database(database_name):
    program = (
        "from django.db import connection as c; r = c.cursor(); r.execute('{}');"
        " print(r.fetchone())".format(
            "SELECT current_setting($$application_name$$), current_setting($$work_mem$$)"
        )
    )
    query = (
        "sslmode=disable&application_name=acme&options=-c%20work_mem%3D5MB"
        "&target_session_attrs=read-write"
    )
    done = manage(
        database_name,
        "shell",
        "--no-imports",
        "-c",
        program,
        DATABASE_URL=f"'{runtime_url(database_name)}?{query}'",
    )

    assert (done.stdout, done.stderr) == ("('acme', '5MB')\n", "")
