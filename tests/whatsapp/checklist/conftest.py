"""A copy that is ready to go live, by a real web process behind TLS; and the checklist, gone
through.
"""

import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.tls import Https
from tests.support.whatsapp.channel import SECRET
from tests.support.whatsapp.connect_page import APP_ID
from tests.whatsapp.checklist.lines import BY_MACHINE, name_of
from whatsapp.checklist.items import ITEMS

pytestmark = pytest.mark.whatsapp


@pytest.fixture(scope="module")
def https(database_name: str, tmp_path_factory: Any) -> Iterator[Https]:
    process = Https(database_name, tmp_path_factory.mktemp("https"))
    try:
        process.wait()
        yield process
    finally:
        process.stop()


@pytest.fixture
def well(https, acme_whatsapp, db_rows, graph, settings, monkeypatch, tmp_path) -> Https:
    """Everything is as it should be; Acme has a live number, a worker and a jobs process gave a
    sign of life.
    """
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(https.certificate))
    settings.PUBLIC_URL, settings.META_REDIRECT_URI = (
        https.url,
        f"{https.url}/connect/whatsapp/callback",
    )
    settings.META_APP_ID, settings.META_APP_SECRET, settings.META_CONFIG_ID = (
        APP_ID,
        SECRET,
        "800000000000001",
    )
    business = graph.business
    business.client_id, business.client_secret, business.requires_proof = APP_ID, SECRET, True
    number = {"id": ACME_NUMBER, "status": "CONNECTED", "platform_type": "CLOUD_API"}
    # a jobs process checks it, if the hour has come
    business.open_account(ACME_ACCOUNT, number).callback = ""
    business.app_callback = f"{https.url}/api/webhooks/whatsapp"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.FILES_ON_DISK, "OPTIONS": {"location": str(tmp_path)}},
    }
    db_rows.execute(
        "INSERT INTO messaging.worker_heartbeats VALUES (%s, 'here', 1, now())", [uuid4()]
    )
    db_rows.execute("INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (now())")
    return https


@pytest.fixture
def gone_through(well: Https, capsys: Any) -> Callable[[], tuple[list[str], str]]:
    """The command's lines, and the sentence that it ends with."""

    def gone_through() -> tuple[list[str], str]:
        capsys.readouterr()
        try:
            call_command("whatsapp_checklist")
        except CommandError as error:
            return capsys.readouterr().out.splitlines(), str(error)
        return capsys.readouterr().out.splitlines(), ""

    return gone_through


@pytest.fixture
def failures(gone_through: Any) -> Callable[[], dict[str, str]]:
    """What failed, each with its sentence; everything else was looked at all the same."""

    def failures() -> dict[str, str]:
        lines, end = gone_through()
        found = dict(
            line.removeprefix("FAIL     ").split(": ", 1)
            for line in lines
            if line.startswith("FAIL")
        )
        assert [name_of(line) for line in lines] == [item.what for item in ITEMS]
        looked_at = sum(name_of(line) in BY_MACHINE for line in lines if not line.startswith("n/a"))
        assert end == (f"{len(found)} of {looked_at} checks failed." if found else "")
        return found

    return failures


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """A server that gives every request one answer; its address."""
    servers = []

    def answering(status: int, body: Callable[[str], bytes] = lambda path: b"") -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = body(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield answering
    for server in servers:
        server.shutdown()
        server.server_close()
