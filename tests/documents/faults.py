"""The faults of docs/troubleshooting.md: how each is provoked, and mended."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import requests
from psycopg import sql

from tests.documents.installation import TOKEN, Installation
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.webhooks.signature import sign

Provoked = Callable[[Installation], Iterator[None]]
FAULTS: dict[str, Callable[[Installation], AbstractContextManager[None]]] = {}


def fault(meaning: str) -> Callable[[Provoked], Provoked]:
    """Name a fault as the page does. What stands behind its `yield` mends it, whatever happens
    meanwhile.
    """

    def named(provoke: Provoked) -> Provoked:
        @contextmanager
        def provoked(here: Installation) -> Iterator[None]:
            steps = provoke(here)
            next(steps)
            try:
                yield
            finally:
                next(steps, None)

        FAULTS[meaning] = provoked
        return provoke

    return named


def write(here: Installation, *, succeeds: bool = True) -> None:
    """Somebody writes to Acme."""
    command = 'python manage.py simulate_message --tenant acme --from 16505551234 "Is it in stock?"'
    done = here.reader.type(command)
    assert (done.returncode == 0) is succeeds, done.stdout


def deliver(here: Installation, text: str, *, number: str, account: str) -> int:
    """Meta posts a webhook; the status that it is answered."""
    body = bodies.webhook(
        bodies.entry(account, bodies.value(number, messages=(bodies.text(text),)))
    )
    signed = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(body, SECRET)}
    address = f"{here.url}/api/webhooks/whatsapp"
    answer = requests.post(
        address, data=body, headers=signed, timeout=30, verify=str(here.certificate)
    )
    return answer.status_code


def until(here: Installation, query: str) -> None:
    assert eventually(lambda: here.rows.execute(query).fetchone()[0], seconds=60), here.logs()


@fault("Meta has another address.")
def another_address(here: Installation) -> Iterator[None]:
    here.meta.business.app_callback = "https://elsewhere.example.com/api/webhooks/whatsapp"
    yield
    here.meta.business.app_callback = None


@fault("Meta has none.")
def no_address(here: Installation) -> Iterator[None]:
    here.meta.business.app_callback = ""
    yield
    here.meta.business.app_callback = None


@fault("Meta has switched it off")
def switched_off(here: Installation) -> Iterator[None]:
    here.meta.business.app_is_active = False
    yield
    here.meta.business.app_is_active = True


@fault("`META_APP_ID` and `META_APP_SECRET` are not set")
def no_app(here: Installation) -> Iterator[None]:
    names = ("META_APP_ID", "META_APP_SECRET", "META_CONFIG_ID")
    taken = {name: here.reader.environment.pop(name) for name in names}
    yield
    here.reader.environment |= taken


@fault("Nothing answers.")
def nothing_answers(here: Installation) -> Iterator[None]:
    here.end_process("web")
    yield
    here.start_process("web")
    here.until_up("web")


@fault("`web` has another `WHATSAPP_VERIFY_TOKEN`")
def another_verify_token(here: Installation) -> Iterator[None]:
    here.restart("web", WHATSAPP_VERIFY_TOKEN="another-word")
    yield
    here.restart("web")


@fault("The field `messages` is not subscribed")
def no_messages_field(here: Installation) -> Iterator[None]:
    fields = here.meta.business.app_fields
    here.meta.business.app_fields = [field for field in fields if field != "messages"]
    yield
    here.meta.business.app_fields = fields


@fault("`WHATSAPP_APP_SECRET` is not this app's")
def another_secret(here: Installation) -> Iterator[None]:
    here.restart("web", WHATSAPP_APP_SECRET="the-secret-of-another-app", META_APP_SECRET=SECRET)
    write(here, succeeds=False)
    yield
    here.restart("web")


@fault("The database took no row.")
def no_row(here: Installation) -> Iterator[None]:
    with here.rows.transaction():
        here.rows.execute("LOCK TABLE messaging.webhook_deliveries")
        assert deliver(here, "Hello", number=ACME_NUMBER, account=ACME_ACCOUNT) == 503
    yield


@fault("The tenant has no connected number.")
def not_connected(here: Installation) -> Iterator[None]:
    here.rows.execute("UPDATE messaging.channels SET status = 'disconnected'")
    yield
    here.rows.execute("UPDATE messaging.channels SET status = 'live'")


@fault("The account is not subscribed to the app")
def not_subscribed(here: Installation) -> Iterator[None]:
    here.meta.business.accounts[ACME_ACCOUNT].callback = None
    yield
    here.meta.business.accounts[ACME_ACCOUNT].callback = ""
    here.manage("check_channels --tenant acme")


@fault("`web` does not reach its database.")
def no_database(here: Installation) -> Iterator[None]:
    allowing = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    ending = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = %s AND usename <> 'postgres'"""
    name = sql.Identifier(here.name)
    with psycopg.connect(os.environ["TEST_SERVER"], autocommit=True) as server:
        server.execute(allowing.format(name, sql.SQL("false")))
        server.execute(ending, [here.name])
        yield
        server.execute(allowing.format(name, sql.SQL("true")))
    here.until_ready()


@fault("Row level security is off for a table")
def no_row_level_security(here: Installation) -> Iterator[None]:
    with database.nobody_else_preparing():
        here.rows.execute("ALTER TABLE messaging.contacts DISABLE ROW LEVEL SECURITY")
        yield
        here.manage("prepare_database")


@fault("`DATABASE_URL` has the wrong role")
def the_wrong_role(here: Installation) -> Iterator[None]:
    right = here.reader.environment["DATABASE_URL"]
    here.reader.environment["DATABASE_URL"] = database.superuser_url(here.name)
    yield
    here.reader.environment["DATABASE_URL"] = right


@fault("No worker runs.")
def no_worker(here: Installation) -> Iterator[None]:
    here.end_process("worker")
    here.rows.execute(
        "UPDATE messaging.worker_heartbeats SET seen_at = seen_at - interval '1 hour'"
    )
    yield
    here.start_process("worker")
    here.until_up("worker")


@fault("The worker could not record an item.")
def not_recorded(here: Installation) -> Iterator[None]:
    here.rows.execute(
        "ALTER TABLE messaging.messages ADD CONSTRAINT planted CHECK (text <> 'No.') NOT VALID"
    )
    assert deliver(here, "No.", number=ACME_NUMBER, account=ACME_ACCOUNT) == 200
    until(here, "SELECT count(*) FROM messaging.dead_letters")
    yield
    here.rows.execute("ALTER TABLE messaging.messages DROP CONSTRAINT planted")
    here.forget_messages()


@fault("No tenant has connected the number.")
def a_number_of_nobody(here: Installation) -> Iterator[None]:
    assert deliver(here, "Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT) == 200
    until(here, "SELECT count(*) FROM messaging.dead_letters")
    yield
    here.forget_messages()


@fault("The channel's account id is another one")
def another_account(here: Installation) -> Iterator[None]:
    assert deliver(here, "Hello", number=ACME_NUMBER, account=GLOBEX_ACCOUNT) == 200
    until(here, "SELECT count(*) FROM messaging.dead_letters")
    yield
    here.forget_messages()


@fault("The token has expired, or was taken back.")
def a_dead_token(here: Installation) -> Iterator[None]:
    here.meta.business.revoke(TOKEN)
    yield
    here.meta.business.revoked.clear()
    here.manage("check_channels --tenant acme")


def answered(here: Installation, step: dict[str, int], status: str) -> Iterator[None]:
    """The reply meets this answer of Meta's."""
    here.meta.script.append(step)
    write(here)
    until(here, f"SELECT count(*) FROM messaging.messages WHERE status = '{status}'")
    yield


@fault("WhatsApp refused it.")
def refused(here: Installation) -> Iterator[None]:
    yield from answered(here, {"code": 131009}, "failed")


@fault("Nobody has WhatsApp there")
def no_whatsapp(here: Installation) -> Iterator[None]:
    yield from answered(here, {"code": 131026}, "failed")


@fault("The window has closed.")
def closed_window(here: Installation) -> Iterator[None]:
    yield from answered(here, {"code": 131047}, "failed")


@fault("The outcome is unknown")
def unknown(here: Installation) -> Iterator[None]:
    yield from answered(here, {"http": 500}, "unknown")


def unanswered(here: Installation, column: str, value: str, normally: str) -> Iterator[None]:
    """Acme is so that nobody is answered."""
    change = f"UPDATE messaging.tenants SET {column} = %s WHERE slug = 'acme'"
    here.rows.execute(change, [value])
    write(here)
    until(here, "SELECT count(*) FROM messaging.messages")
    yield
    here.rows.execute(change, [normally])


@fault("It is held")
def held(here: Installation) -> Iterator[None]:
    parked = "status = 'restricted', recovers_by = 'probe', parked_at = now()"
    here.rows.execute(f"UPDATE messaging.channels SET {parked}")
    write(here)
    until(here, "SELECT count(*) FROM messaging.messages WHERE status = 'held'")
    yield
    here.rows.execute("UPDATE messaging.channels SET status = 'live', parked_at = NULL")


@fault("Nothing is known of it.")
def nothing_known(here: Installation) -> Iterator[None]:
    yield


@fault("No reply is set.")
def no_reply(here: Installation) -> Iterator[None]:
    yield from unanswered(here, "auto_reply", "", "Thank you, we will answer soon.")


@fault("The tenant is suspended.")
def suspended(here: Installation) -> Iterator[None]:
    yield from unanswered(here, "status", "suspended", "active")
