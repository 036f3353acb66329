"""The checklist as a whole: all is well with real processes, nothing secret is printed, and the
documents say the same.
"""

import os
import re
from typing import Any

import pytest

from config.development_database import PROJECT
from tests.support.processes import eventually, manage, start
from tests.support.whatsapp.channel import PREVIOUS_SECRET, SECRET
from tests.support.whatsapp.connect_page import APP_ID
from tests.whatsapp.checklist.lines import BY_MACHINE, name_of
from whatsapp.checklist.items import ITEMS, ByHand
from whatsapp.webhooks.fields import FIELDS, OPTIONAL

pytestmark = pytest.mark.whatsapp

CHECKLIST = PROJECT / "WHATSAPP_READY_CHECKLIST.md"
SETUP = PROJECT / "WHATSAPP_OAUTH_SETUP.md"


def test_everything_is_well_with_real_processes(well, database_name, graph, tmp_path, db_rows):
    db_rows.execute(
        "TRUNCATE messaging.worker_heartbeats; TRUNCATE jobs.procrastinate_workers CASCADE"
    )
    app = {"META_APP_ID": APP_ID, "META_APP_SECRET": SECRET, "META_CONFIG_ID": "800000000000001"}
    more = {
        "META_GRAPH_URL": graph.url,
        "MEDIA_ROOT": str(tmp_path),
        "REQUESTS_CA_BUNDLE": os.environ["REQUESTS_CA_BUNDLE"],
    }
    environment = {**app, **more, "PUBLIC_URL": well.url, "ALLOWED_HOSTS": "127.0.0.1"}
    processes = [start(database_name, name, **environment) for name in ("worker", "jobs")]
    try:
        assert eventually(lambda: signs_of_life(db_rows) == (True, True))
        done = manage(database_name, "whatsapp_checklist", **environment)
    finally:
        for process in processes:
            process.terminate()
            process.communicate(timeout=20)

    found = [line[:9].strip() for line in done.stdout.splitlines()]
    assert (found, done.returncode, done.stderr) == (
        ["ok"] * len(BY_MACHINE) + ["by hand"] * (len(ITEMS) - len(BY_MACHINE)),
        0,
        "",
    )


def signs_of_life(db_rows: Any) -> tuple[bool, bool]:
    query = (
        "SELECT EXISTS (SELECT FROM messaging.worker_heartbeats), EXISTS (SELECT FROM"
        " jobs.procrastinate_workers)"
    )
    return db_rows.execute(query).fetchone()


def test_what_is_well_says_what_was_found(gone_through, well):
    lines, end = gone_through()
    said = {name_of(line): line[9:].partition(": ")[2] for line in lines if line.startswith("ok")}

    assert (list(said), end) == (BY_MACHINE, "")
    assert {what: words for what, words in said.items() if words} == {
        "META_GRAPH_VERSION is one that Meta answers": "v25.0, until 2028-07-29",
        "PUBLIC_URL is https": well.url,
        "META_REDIRECT_URI is ours": f"{well.url}/connect/whatsapp/callback",
        "The webhook address answers Meta's challenge": f"{well.url}/api/webhooks/whatsapp",
        "It refuses a wrong verify token": "answered 403",
        "It refuses a webhook without a signature": "answered 401",
        "A jobs process is alive": "1 alive",
        "Meta accepts the app's id and secret": f"app {APP_ID}",
        "The app's webhooks come to us": f"{well.url}/api/webhooks/whatsapp",
        "The app is subscribed to every field": "all 16",
        "So it is to those of shared numbers and calls": "all 3",
        "Numbers are live, and none needs repair": "1 live",
    }


def test_an_item_by_hand_says_where_to_look(gone_through):
    lines, _ = gone_through()

    assert [line for line in lines if line.startswith("by hand")][
        4
    ] == "by hand  Require app secret is on: App Dashboard > App settings > Advanced > Security"


def test_it_ends_with_exit_code_1_and_a_sentence(well, database_name):
    done = manage(database_name, "whatsapp_checklist", PUBLIC_URL="http://127.0.0.1:1")

    assert (done.returncode, done.stderr.splitlines()[-1].startswith("CommandError: ")) == (1, True)


def test_no_secret_is_ever_printed(gone_through, settings, answering):
    """Both sides answer with all that they were asked, where a secret is."""
    heard: list[str] = []

    def repeated(path: str) -> bytes:
        heard.append(path)
        return b'{"error": {"code": 190, "message": "Malformed: %s"}}' % path.encode()

    settings.PUBLIC_URL = settings.META_GRAPH_URL = answering(400, repeated)
    lines, end = gone_through()
    secrets = [
        SECRET,
        PREVIOUS_SECRET,
        settings.WHATSAPP_VERIFY_TOKEN,
        settings.SECRET_KEY,
        "token-of-acme",
    ]
    everything = "\n".join([*lines, end])

    assert [
        secret for secret in (SECRET, settings.WHATSAPP_VERIFY_TOKEN) if secret in "".join(heard)
    ] == [SECRET, settings.WHATSAPP_VERIFY_TOKEN]
    assert "Malformed: " in everything
    assert [secret for secret in secrets if secret in everything] == []


def test_the_setup_guide_lists_the_fields_that_are_checked():
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", SETUP.read_text(), re.MULTILINE)

    assert [row for row in rows if row[0] in FIELDS] == list(FIELDS.items())
    assert [row for row in rows if row[0] in OPTIONAL] == list(OPTIONAL.items())


def test_the_checklist_in_the_documents_has_every_item():
    rows = re.findall(r"^\| ([^|]+) \| (machine|hand) \|", CHECKLIST.read_text(), re.MULTILINE)

    assert rows == [
        (item.what, "hand" if isinstance(item, ByHand) else "machine") for item in ITEMS
    ]
