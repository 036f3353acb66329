"""The worst night: a token is refused, a delivery set aside, a worker killed. It is seen, told,
mended, and told over.
"""

import re
from collections import Counter

import pytest
import requests

from tests.chaos.meta import body_of, post
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.forms import post as submit
from tests.support.mailbox import Mailbox
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

TYPED = "070-000 001"  # Ada's number, as she would say it
OPERATORS = "night@example.com"
SAID = {
    "worker": "No worker gives a sign of life",
    "channel_parked": "It sends nothing: The access token no longer works",
    "items_rejected": "Items of webhooks that were rejected in the last day: 1.",
}
STEP = (
    "Connect the number again; it also comes back by itself when the hourly check finds that it"
    " works."
)
A_LOOK = 200  # seconds: the jobs process looks each minute, once a worker has been silent for 30 s
LONG_GONE = "UPDATE messaging.alerts SET seen_at = seen_at - interval '6 minutes'"


@pytest.fixture
def mailbox():
    mailbox = Mailbox()
    yield mailbox
    mailbox.stop()


def told(mailbox: Mailbox, to: str, begins: str) -> str:
    """The texts of all mails to somebody whose subject begins so."""
    mails = [
        mail
        for mail in mailbox.taken
        if mail["To"] == to and mail["Subject"].strip().startswith(begins)
    ]
    return "\n".join(mail.get_content() for mail in mails)


def staff(stage, web) -> requests.Session:
    password = {"DJANGO_SUPERUSER_PASSWORD": "correct horse"}
    made = stage.manage(
        "createsuperuser",
        "--noinput",
        "--username",
        "root",
        "--email",
        "ada@acme.example",
        **password,
    )
    assert made.returncode == 0, made.stderr
    assert (
        stage.manage(
            "add_member", "--tenant", "acme", "--user", "root", "--role", "owner"
        ).returncode
        == 0
    )
    session = requests.Session()
    submit(
        session, f"{web.url}/admin/login/?next=/admin/", username="root", password="correct horse"
    )
    return session


def test_a_night_from_the_first_complaint_to_the_all_clear(stage, mailbox):
    stage.settings |= {
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "OPERATORS_EMAIL": OPERATORS,
    }
    # somebody mistyped the account
    stage.connect("globex", GLOBEX_NUMBER, "399999999999999", "token-of-globex")
    web, worker, _ = stage.web(), stage.worker(), stage.jobs()
    session = staff(stage, web)

    stage.graph.business.revoke("token-of-acme")
    stage.write(web, "Is it in stock?", sender=ADA)
    assert (
        post(
            web.url,
            body_of(bodies.text("Hello Globex", sender=GRACE), GLOBEX_NUMBER, GLOBEX_ACCOUNT),
        ).status
        == 200
    )
    assert eventually(
        lambda: stage.rows("SELECT count(*) FROM messaging.dead_letters") == [(1,)], 60
    )
    assert eventually(lambda: stage.replies() == ["held"], 60)
    worker.kill()
    stage.manage("check_channels")  # as the jobs process does once an hour

    traced = stage.manage("trace", TYPED).stdout
    assert "held: The access token no longer works" in traced
    assert f"next: {STEP}" in traced
    found = session.get(
        f"{web.url}/admin/messaging/conversation/", params={"q": TYPED}, timeout=10
    ).text
    (conversation,) = set(
        re.findall(r"/admin/messaging/conversation/([0-9a-f-]{36})/change/", found)
    )
    thread = session.get(
        f"{web.url}/admin/messaging/conversation/{conversation}/change/", timeout=10
    ).text
    assert STEP in thread

    def is_told(begins: str) -> bool:
        return all(said in told(mailbox, OPERATORS, begins) for said in SAID.values())

    assert eventually(lambda: is_told("Needs a hand"), A_LOOK)
    status = stage.manage("status")
    assert status.returncode == 1
    assert [said for said in SAID.values() if said in status.stdout] == list(SAID.values())
    assert eventually(
        lambda: SAID["channel_parked"] in told(mailbox, "ada@acme.example", "Acme: Needs a hand"),
        A_LOOK,
    )

    worker = stage.worker()
    stage.connect("acme", ACME_NUMBER, ACME_ACCOUNT, "a-new-token")
    stage.connect("globex", GLOBEX_NUMBER, GLOBEX_ACCOUNT, "token-of-globex")
    assert (
        stage.manage("replay_deliveries", "--since", "2026-01-01T00:00Z", "--set-aside").returncode
        == 0
    )
    assert eventually(lambda: stage.replies() == ["accepted"] * 2, 60)
    assert eventually(lambda: stage.manage("status").returncode == 0, 60)
    stage.rows(LONG_GONE + " RETURNING id")
    assert eventually(lambda: is_told("Over"), A_LOOK)
    assert eventually(
        lambda: SAID["channel_parked"] in told(mailbox, "ada@acme.example", "Acme: Over"), A_LOOK
    )
    assert len([mail for mail in mailbox.taken if mail["To"] == OPERATORS]) <= 4
    accepted = Counter(
        entry["message"]["biz_opaque_callback_data"]
        for entry in stage.graph.ledger
        if entry["wamid"]
    )
    assert sorted(accepted.values()) == [1, 1]
