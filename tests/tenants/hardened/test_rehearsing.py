"""In hardened mode a copy is rehearsed with the back-office's login, as operators' commands are."""

import psycopg
import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies
from tests.tenants.hardened.stage import Hardened

pytestmark = pytest.mark.whatsapp

CAME = (
    "INSERT INTO messaging.webhook_deliveries (id, kind, body, received_at, due_at, attempts,"
    " error) VALUES (%s, 'whatsapp', %s, now(), now(), 0, '')"
)


def test_the_back_offices_login_may_do_what_a_rehearsal_does(stage: Hardened):
    since = timezone.now()
    value = bodies.value(ACME_NUMBER, messages=(bodies.text(),))
    with psycopg.connect(database.superuser_url(stage.name), autocommit=True) as superuser:
        superuser.execute("ALTER ROLE msg_owner CREATEDB")
        superuser.execute(CAME, [uuid7(), bodies.webhook(bodies.entry(ACME_ACCOUNT, value))])
        worked = stage.manage("worker", "worker", "--once")
        superuser.execute("DELETE FROM messaging.worker_heartbeats")
    assert worked.returncode == 0, worked.stderr

    words = ("rehearse", "--copy", stage.name, "--since", since.isoformat())
    done = stage.manage("back-office", *words, DATABASE_OWNER_URL=database.owner_url(stage.name))

    assert done.stdout.splitlines()[:1] == [
        f"Rehearsed 1 delivery since {since.isoformat()}: nothing would differ."
    ], done.stderr
