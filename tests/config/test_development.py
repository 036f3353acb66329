"""`make run`, on a server that is given: everything starts, a message goes through all of it, Ctrl-C ends everything."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from config.development_database import PROJECT, create_owner, free_port
from tests.database import OWNER, RUNTIME


@pytest.fixture
def own_database(server: psycopg.Connection, alone: None, worker_id: str):
    name = f"development_{worker_id}"
    yield create_owner(os.environ["TEST_SERVER"], OWNER, name)
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def environment_of(command: str, port: int) -> dict[str, str]:
    """That of the running process of this command, in the copy on this port."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # somebody else's, or over
            variables = (process / "environ").read_text().split("\0")
            if f"PORT={port}" in variables and command in (process / "cmdline").read_text().split("\0"):
                return dict(variable.split("=", 1) for variable in variables if variable)
    raise AssertionError(f"{command} does not run.")


def test_make_run_shows_a_delivered_reply_passes_the_checklist_and_ends_with_ctrl_c(own_database):
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_OWNER_URL": own_database,
        "DATABASE_URL": own_database.replace(f"{OWNER}@", f"{RUNTIME}:test@"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }
    del environment["META_GRAPH_URL"]  # so that it brings its own stand-in
    command = [sys.executable, "-m", "config.development"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    running = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True, **pipes)
    told = ""
    for line in running.stdout:
        told += line
        if "Ctrl-C ends everything" in line:
            break
    checklist = [sys.executable, "manage.py", "whatsapp_checklist"]
    seen = environment_of("graph_stand_in", port)
    checked = subprocess.run(checklist, cwd=PROJECT, env=seen, capture_output=True, text=True, timeout=60)
    began = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=20)

    assert time.monotonic() - began < 10
    assert (checked.returncode, checked.stderr, "FAIL" in checked.stdout) == (0, "", False)
    steps = [
        line.split()[-1] for line in told.splitlines() if re.match(r" +(\d\d:\d\d:\d\d )?(received|sent|delivered)$", line)
    ]
    assert steps == ["received", "delivered", "sent", "delivered"]
    assert re.search(rf"http://127.0.0.1:{port}/admin/ +login admin, password \S+", told) is not None


def test_a_port_that_is_taken_is_said(own_database):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "config.development"]
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PORT": str(port)}
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=20)

    assert (done.returncode, done.stderr.strip()) == (1, f"Port {port} is taken. Choose another one: PORT=8001 make run")


@pytest.mark.parametrize("given", ["http", "0", "'80"])
def test_a_port_that_is_none_is_said(given):
    command = [sys.executable, "-m", "config.development"]
    environment = os.environ | {"PORT": given}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=20)

    assert (done.returncode, done.stdout, [line.split()[0] for line in done.stderr.splitlines()]) == (1, "", ["PORT"])
