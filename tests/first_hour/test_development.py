"""`make run` as a newcomer meets it, on a server that is given: the first hour, and what is said
before anything starts.
"""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from config.development_database import PROJECT, create_owner, free_port
from tests.support import processes
from tests.support.database import OWNER, RUNTIME

pytestmark = pytest.mark.whatsapp

# as installed as this very environment
MAKE = ["make", f"VENV={sys.prefix}", "-o", f"{sys.prefix}/installed"]
# by no make
BY_HAND = {
    name: value
    for name, value in os.environ.items()
    if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
}
STARTED = "Ctrl-C ends everything."
NEW_REPLY = "We are back on Monday."
ANSWERED, NO_ANSWER = ["received", "delivered"], ["received"]
KIND = "Messages of this kind are never answered."
SHOPS_NUMBER = (
    "--external-id",
    "106540352242923",
    "--account-id",
    "102290129340399",
    "--token-env",
    "TOKEN",
)
MESSAGES = {  # what is sent, and what becomes of it
    ("Is it in stock?",): ANSWERED,
    ("--image", "photo.png", "This one"): ANSWERED,
    ("--button", "Yes"): ANSWERED,
    ("--list", "Express"): ANSWERED,
    ("--location", "52.52,13.4", "Shop"): ANSWERED,
    ("--example", "order"): ANSWERED,
    ("--example", "contact sharing"): ANSWERED,
    ("--reaction", "👍", "--to", "wamid.x"): [*NO_ANSWER, f"not answered: {KIND}"],
    ("--example", "unsupported"): [*NO_ANSWER, f"not answered: {KIND}"],
    ("--name", "Grace", "And now?"): ANSWERED,
}


@pytest.fixture
def own_database(server: psycopg.Connection, alone: None, worker_id: str):
    name = f"development_{worker_id}"
    yield create_owner(os.environ["TEST_SERVER"], OWNER, name)
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def environment(own_database, tmp_path) -> dict[str, str]:
    port = free_port()
    environment = BY_HAND | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_OWNER_URL": own_database,
        "DATABASE_URL": own_database.replace(f"{OWNER}@", f"{RUNTIME}:test@"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "DEVELOPMENT_FOLDER": str(tmp_path / "devdb"),
        "MEDIA_ROOT": str(tmp_path / "media"),
    }
    del environment["META_GRAPH_URL"]  # so that it brings its own stand-in
    return environment


class Copy:
    """A copy that `make run` runs, up to the line that says that all is there."""

    def __init__(self, environment: dict[str, str]) -> None:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(
            [*MAKE, "run"], cwd=PROJECT, env=environment, start_new_session=True, **pipes
        )
        self.environment = environment
        self.told = ""
        for line in self.process.stdout:
            self.told += line
            if STARTED in line:
                break

    def interrupt(self) -> float:
        """Ctrl-C, which everything in the terminal gets; how long it took."""
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.told += self.process.communicate(timeout=30)[0]
        return time.monotonic() - began

    def manage(self, *arguments: str, **more: str) -> str:
        """A command with the environment on record, which `make manage` hands over; its output."""
        record = json.loads((Path(self.environment["DEVELOPMENT_FOLDER"]) / "running").read_text())
        done = processes.manage("unused", *arguments, **record, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def outcomes(self) -> list[list[str]]:
        """What became of each message that is told: its statuses, and why it was not answered."""
        return outcomes_in(self.told)


def outcomes_in(told: str) -> list[list[str]]:
    conversations = re.split(r" · conversation [0-9a-f-]{36}\n", told)[1:]
    return [
        re.findall(r"^ {6}(received(?=$|:)|delivered$|not answered: .*)", each, re.MULTILINE)
        for each in conversations
    ]


def logged(told: str) -> list[str]:
    """The lines of what went wrong, without the ids of the requests."""
    lines = re.findall(r"\b(?:WARNING|ERROR|CRITICAL)\b.*|Traceback.*", told)
    return [re.sub(r" \[[0-9a-f-]{36}\]$", "", line) for line in lines]


def test_the_first_hour(environment, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n and more")
    first = Copy(environment)
    try:
        beside = subprocess.run(
            [*MAKE, "run"], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
        )
        ways = [
            outcomes_in(
                first.manage(
                    "simulate_message",
                    "--tenant",
                    "demo",
                    "--from",
                    f"165055501{number:02}",
                    *wait_for(message),
                )
            )
            for number, message in enumerate(in_folder(tmp_path))
        ]
        checked = first.manage("whatsapp_checklist")
        first.manage("check_channels")
        status = first.manage("status")
        by_make = subprocess.run(
            [*MAKE, "manage", "ARGS=trace '+1 650 555-0100'"],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
        )
        first.manage("set_auto_reply", "--tenant", "demo", NEW_REPLY)
        first.manage(
            "connect_channel", "whatsapp", "--tenant", "demo", *SHOPS_NUMBER, TOKEN="token"
        )
    finally:
        took = first.interrupt()
    second = Copy(environment)
    try:
        checks = json.loads(second.manage("check_channels").splitlines()[-1])
    finally:
        took_again = second.interrupt()
    password = re.search(r"/admin/ +login admin, password (\S+)", first.told)

    assert (first.outcomes(), second.outcomes()) == ([ANSWERED], [ANSWERED])
    assert ways == [[outcome] for outcome in MESSAGES.values()]
    assert "FAIL" not in checked
    assert status.splitlines()[0] == "Nothing needs a hand."
    # Meta's stand-in remembers who was connected
    assert checks == {"checked": 2, "to_repair": 0, "not_asked": 0}
    assert outcomes_in(by_make.stdout) == [ANSWERED]
    assert beside.returncode != 0
    assert (
        beside.stderr.splitlines()[0].startswith(
            f"It is running here already, at {environment['PUBLIC_URL']}"
        )
        is True
    )
    assert f"<- {NEW_REPLY}" in second.told
    assert password is not None
    assert f"login admin, password {password[1]}" in second.told
    assert logged(first.told) + logged(second.told) == [
        # the checklist asks whether these two are refused
        "WARNING django.request: Forbidden: /api/webhooks/whatsapp",
        "WARNING django.request: Unauthorized: /api/webhooks/whatsapp",
    ]
    assert [
        line for line in (first.told + second.told).splitlines() if line.startswith("make")
    ] == []
    assert (took < 15, took_again < 15) == (True, True)
    # mails, with their links, are printed into it
    log = Path(environment["DEVELOPMENT_FOLDER"]) / "log"
    assert (stat.S_IMODE(log.stat().st_mode), log.stat().st_size > 0) == (0o600, True)


def in_folder(folder: Path) -> list[list[str]]:
    return [
        [str(folder / word) if word.endswith(".png") else word for word in message]
        for message in MESSAGES
    ]


def wait_for(message: list[str]) -> list[str]:
    return [*message, "--wait", "60"]


def test_a_changed_password_is_not_told_and_a_renamed_demo_stays(environment):
    made = {"DEMO_TOKEN": "token", "DJANGO_SUPERUSER_PASSWORD": "first"}
    processes.manage("unused", "prepare_database", **environment)
    first = processes.manage("unused", "create_demo", **environment, **made)
    changes = (
        "UPDATE messaging.tenants SET name = 'Ours', auto_reply = ''; DELETE FROM"
        " messaging.memberships"
    )
    with psycopg.connect(
        os.environ["TEST_SERVER"].rsplit("/", 1)[0]
        + "/"
        + environment["DATABASE_URL"].rsplit("/", 1)[1]
    ) as db:
        db.execute(changes)
        made["DJANGO_SUPERUSER_PASSWORD"] = "second"
        db.commit()
        second = processes.manage("unused", "create_demo", **environment, **made)
        rows = db.execute(
            "SELECT name, auto_reply, (SELECT count(*) FROM messaging.memberships) FROM"
            " messaging.tenants"
        ).fetchall()

    told = [json.loads(done.stdout) for done in (first, second)]
    assert [made.pop("is_password_known") for made in told] == [True, False]
    assert (told[0], told[0]["tenant"], told[0]["user"]) == (told[1], "demo", "admin")
    assert rows == [("Ours", "", 0)]


def test_the_demo_is_for_development_alone(environment):
    https = {"PUBLIC_URL": "https://chat.example.org", "ALLOWED_HOSTS": "chat.example.org"}
    done = processes.manage("unused", "create_demo", "--skip-checks", **environment | https)

    sentence = (
        "This is no development copy: PUBLIC_URL is https. Use create_tenant and connect_channel."
    )
    assert (done.returncode, done.stderr.strip()) == (1, f"CommandError: {sentence}")


def test_a_port_that_is_taken_is_said_before_anything_is_installed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = BY_HAND | {"PORT": str(port), "DEVELOPMENT_FOLDER": str(tmp_path / "devdb")}
        command = ["make", f"VENV={tmp_path}/venv", "run"]
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=20
        )

    sentence = f"Port {port} is taken. Choose another one: PORT={port + 1} make run"
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (2, "", sentence)
    assert (tmp_path / "venv").exists() is False


def test_a_command_without_a_running_copy_says_what_to_do(tmp_path):
    environment = BY_HAND | {"DEVELOPMENT_FOLDER": str(tmp_path)}
    done = subprocess.run(
        [*MAKE, "manage", "ARGS=status"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )

    sentence = "No copy is running in this folder. Start one with make run, in another terminal."
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, sentence)


def test_a_database_that_a_file_names_for_another_copy_is_left_alone(tmp_path):
    """`.env` is read into the environment by whoever reads settings; what `make run` takes was
    given by hand.
    """
    code = (
        "import os, config.running; os.environ['DATABASE_URL'] = 'of the .env'; import"
        " config.development as d; print(d.GIVEN.get('DATABASE_URL'))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True
    )

    assert (done.stdout, done.stderr) == ("None\n", "")


@pytest.mark.parametrize("given", ["http", "0", "'80"])
def test_a_port_that_is_none_is_said(given):
    command = [sys.executable, "-m", "config.development"]
    environment = os.environ | {"PORT": given}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=20
    )

    assert (
        done.returncode,
        done.stdout,
        [line.split()[0] for line in done.stderr.splitlines()],
    ) == (1, "", ["PORT"])
