"""Every command of the documents is typed, in its page's order, and prints what the page shows."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config.development_database import PROJECT, THROWAWAY, Server, free_port
from tests.documents.installation import NEWCOMERS_ACCOUNT, NEWCOMERS_NUMBER, Installation
from tests.documents.pages import Step, pages, steps_of
from tests.documents.reader import Reader
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.photos import PHOTO
from tests.support.processes import eventually
from tests.support.whatsapp.channel import SECRET
from whatsapp.stand_in import StandIn
from whatsapp.stand_in.business import REGISTERED

pytestmark = pytest.mark.whatsapp

SETUP = "docs/setup.md"  # begins with a running copy, and goes on with one of one's own
ON_A_RUNNING_COPY = [
    "docs/manual-test.md",
    "docs/api.md",
    "README.md",
    "CONTRIBUTING.md",
    "docs/test-channels.md",
    "docs/replies.md",
]
IN_AN_INSTALLATION = [
    "SECURITY.md",
    "WHATSAPP_OAUTH_SETUP.md",
    "WHATSAPP_READY_CHECKLIST.md",
    "docs/back-office.md",
    "docs/deployment.md",
    "docs/members.md",
    "docs/monitoring.md",
    "docs/operations.md",
    "docs/privacy.md",
]
# tests of their own
ELSEWHERE = [
    "docs/troubleshooting.md",
    "docs/founding-document.md",
    "docs/hardened.md",
    "docs/plain-server.md",
]
ADA_IS_MADE = "DJANGO_SUPERUSER_PASSWORD=pw-of-ada python manage.py createsuperuser --noinput \
--username ada --email ada@example.com"
SHOWN_MESSAGE = "wamid.BANzKwPVjhffpZdB5uxgebSu7tCoA3uJkD2j1qYf"
SHOWN_DELIVERY = "01a204db-d4b2-7652-861f-d79f213b8342"


def test_every_page_with_commands_is_followed():
    followed = {SETUP, *ON_A_RUNNING_COPY, *IN_AN_INSTALLATION, *ELSEWHERE}
    with_commands = {str(page.relative_to(PROJECT)) for page in pages() if steps_of(page)}
    assert with_commands - followed == set()


def setup_steps(*, by_make: bool) -> list[Step]:
    steps = steps_of(PROJECT / SETUP)
    return [step for step in steps if step.typed.text.startswith("make ") is by_make]


def follow(reader: Reader, steps: list[Step]) -> str:
    """What went otherwise than the pages show, each at its place."""
    said = ((step, reader.follow(step)) for step in steps)
    return "\n\n".join(f"{step}\n{step.typed.text}{words}" for step, words in said if words)


@pytest.fixture
def reader_of(copy: Path) -> Iterator[Callable[..., Reader]]:
    """Somebody with a clone and an empty environment of their own."""
    ours = {name for name in os.environ if name.startswith(("DATABASE_", "META_", "WHATSAPP_"))}
    ours |= {"SECRET_KEY", "ENCRYPTION_KEYS", "PUBLIC_URL", "ALLOWED_HOSTS", "PORT", "LOG_LEVEL"}
    ours |= {"DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    readers = []

    def reader_of(words: dict[str, str], *, owner_url: str = "", **environment: str) -> Reader:
        port = environment.pop("PORT")
        (copy / ".curlrc").write_text("silent\nshow-error\n")
        theirs = {name: value for name, value in os.environ.items() if name not in ours}
        reader = Reader(
            copy,
            {**theirs, **environment, "CURL_HOME": str(copy)},
            words,
            address=f"http://127.0.0.1:{port}",
            owner_url=owner_url,
        )
        readers.append(reader)
        return reader

    yield reader_of
    for reader in readers:
        reader.leave()


def test_what_is_typed_against_make_run(reader_of, copy):
    port, receivers = str(free_port()), str(free_port())
    words = {"make run": f"PORT={port} make run", "127.0.0.1:8000": f"127.0.0.1:{port}"}
    reader = reader_of(
        {**words, "9000": receivers}, PORT=port, WEBHOOK_ALLOWED_HOSTS=f"127.0.0.1:{receivers}"
    )
    (copy / "photo.jpg").write_bytes(PHOTO)
    run, *makes = setup_steps(by_make=True)
    others = [step for name in ON_A_RUNNING_COPY for step in steps_of(PROJECT / name)]
    reader.words['make manage ARGS="add_member'] = ada_first('make manage ARGS="add_member')

    wrong = follow(reader, [run])
    reader.words["msk_..."] = key_of(copy)
    wrong += follow(reader, [*others, *makes])
    assert not wrong, wrong


def key_of(copy: Path) -> str:
    """The key of the API that `make run` has printed."""
    lines = (copy / ".devdb" / "environment").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)["DEMO_API_KEY"]


def ada_first(command: str) -> str:
    """The page lets a reader make the user in the back-office."""
    made = "createsuperuser --noinput --username ada --email ada@example.com"
    return f'DJANGO_SUPERUSER_PASSWORD=pw-of-ada make manage ARGS="{made}"; {command}'


@pytest.fixture
def server_of_its_own() -> Iterator[str]:
    """A new server; its superuser's address."""
    folder = Path(tempfile.mkdtemp(prefix="messaging-documents-", dir="/var/tmp"))
    folder.chmod(0o755)
    server = Server(folder / "data", options=THROWAWAY)
    yield server.start()
    server.stop()
    shutil.rmtree(folder)


def test_a_copy_is_set_up_from_nothing(reader_of, copy, server_of_its_own):
    superuser = server_of_its_own
    port = str(free_port())
    meta = StandIn(app_secret=SECRET)
    meta.business.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER, **REGISTERED})
    meta.start()
    words = {
        "'...'": "'secret'",
        "8000": port,
        "https://graph.facebook.com": meta.url,
        "PHONE_NUMBER_ID": ACME_NUMBER,
        "WABA_ID": ACME_ACCOUNT,
        "EAAG...": "token-of-acme",
        "YOUR_VERIFY_TOKEN": "our-own-word",
    }
    reader = reader_of(words, owner_url=superuser, PORT=port, TOKEN="token-of-acme")
    steps = setup_steps(by_make=False)
    wrong = []
    try:
        for step in steps:
            wrong.append(follow(reader, [step]))
            if step.typed.text.startswith("python3 -c"):
                fill_in(copy / ".env", reader.printed, superuser, meta.url, port)
            if "simulate_message" in step.typed.text:
                wait_until_accepted(superuser)
    finally:
        reader.leave()
        meta.stop()

    assert len(steps) > 10
    assert not any(wrong), "\n\n".join(filter(None, wrong))


def fill_in(file: Path, printed: str, superuser: str, graph: str, port: str) -> None:
    """What the page leaves to the reader: the required lines."""
    at = superuser.split("@")[1].rsplit("/", 1)[0]
    lines = dict(line.split("=", 1) for line in printed.splitlines())
    lines |= {
        "DATABASE_URL": f"postgresql://msg_app:secret@{at}/messaging",
        "DATABASE_OWNER_URL": f"postgresql://msg_owner:secret@{at}/messaging",
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": "our-own-word",
        "META_GRAPH_URL": graph,
        "PORT": port,
    }
    with file.open("a") as env:
        env.writelines(f"{name}={value}\n" for name, value in lines.items())


def wait_until_accepted(superuser: str) -> None:
    """ "A second later", says the page."""
    query = "SELECT count(*) FROM messaging.messages WHERE status = 'accepted'"
    with psycopg.connect(f"{superuser.rsplit('/', 1)[0]}/messaging", autocommit=True) as rows:
        assert eventually(lambda: rows.execute(query).fetchone()[0] > 0)


@pytest.fixture
def acquainted(installation: Installation) -> Installation:
    """Ada has written to Acme and was answered; the reader knows her number and her message."""
    (has_ada,) = installation.rows.execute("SELECT count(*) FROM messaging.users").fetchone()
    if not has_ada:
        assert installation.reader.type(ADA_IS_MADE).returncode == 0
    said = installation.manage('simulate_message --tenant acme --from 46700000001 --wait "Hello"')
    assert "      delivered\n" in said
    query = "SELECT external_id FROM messaging.messages WHERE direction = 'inbound'"
    (wamid,) = installation.rows.execute(query).fetchone()
    query = "SELECT id::text FROM messaging.webhook_deliveries LIMIT 1"
    (delivery,) = installation.rows.execute(query).fetchone()
    installation.reader.words |= {SHOWN_MESSAGE: wamid, "WAMID": wamid, SHOWN_DELIVERY: delivery}
    return installation


@pytest.mark.parametrize("name", IN_AN_INSTALLATION)
def test_what_is_typed_in_an_installation(name, acquainted):
    reader = acquainted.reader
    before = dict(reader.words)
    if name == "WHATSAPP_OAUTH_SETUP.md":  # its reader has no tenant yet
        reader.words |= {
            "acme": "newcomer",
            "PHONE_NUMBER_ID": NEWCOMERS_NUMBER,
            "WABA_ID": NEWCOMERS_ACCOUNT,
        }
    steps = steps_of(PROJECT / name)
    try:
        wrong = follow(reader, steps)
    finally:
        reader.words = before
        acquainted.forget_tenant("newcomer")

    assert steps
    assert not wrong, wrong
