"""The log of requests is kept for as long as the operator says, and nothing that waits goes."""

import json

from django.core.management import call_command

from messaging.models import WebhookSetAside
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope


def test_old_requests_go_and_what_is_set_aside_stays(
    endpoint, subscriber, acme_happens, deliver, log, aside, db_rows, capsys
):
    subscriber.answer = lambda received: 500 if received.data["name"] == "b1" else 200
    acme_happens("a1 b1 c1")
    deliver()
    (moment,) = db_rows.execute("SELECT now() - interval '31 days'").fetchone()
    db_rows.execute(
        "UPDATE messaging.webhook_attempts SET id = %s WHERE event_id = %s",
        [first_id_at(moment), log()[0][0]],
    )
    call_command("purge", webhook_log=30)

    told = json.loads(capsys.readouterr().out)
    assert told == {
        "bodies": 0,
        "events": 0,
        "messages": 0,
        "conversations": 0,
        "owners": 0,
        "files": 0,
        "webhook_log": 1,
        "audit": 0,
    }
    assert [row[2] for row in log()] == ["failed", "delivered"]
    with operator_scope():
        assert WebhookSetAside.objects.count() == 1
