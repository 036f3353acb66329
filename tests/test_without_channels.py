"""A system without any channel: it migrates, starts and answers, and waits for its first one."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from psycopg import sql

from config.development_database import PROJECT, create_owner, free_port
from tests.support import database
from tests.support.copies import name_no_channel
from tests.support.database import nobody_else_preparing
from tests.support.forms import post as submit
from tests.support.processes import answers, eventually, manage_in

KEPT = ["config", "tenants", "channels_app", "messaging", "templates", "manage.py", "Procfile"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project without any channel's folder, and with none named in its settings."""
    copy = tmp_path_factory.mktemp("project")
    for name in KEPT:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__py*"))
        else:
            shutil.copy(PROJECT / name, copy / name)
    name_no_channel(copy)
    return copy


@pytest.fixture(scope="module")
def environment(database_name: str) -> Iterator[dict[str, str]]:
    """A database of its own, and not one variable that a channel reads."""
    name = f"{database_name}_without_channels"
    own = database.process_environment(name)
    named = {key: value for key, value in own.items() if not key.startswith(("WHATSAPP", "META_"))}
    owner_url = create_owner(os.environ["TEST_SERVER"], database.OWNER, name)
    yield {**named, "DATABASE_OWNER_URL": owner_url, "PATH": path_of_programs()}
    with psycopg.connect(os.environ["TEST_SERVER"], autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def path_of_programs() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture(scope="module")
def prepared(project: Path, environment: dict[str, str]) -> dict[str, Any]:
    """The copy's database, prepared by the copy's own command."""
    place: dict[str, Any] = {"cwd": project, "env": environment}
    with nobody_else_preparing():
        done = manage(place, "prepare_database")
    assert done.returncode == 0, done.stderr
    return place


def manage(place: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[str]:
    return manage_in(place["cwd"], place["env"], *arguments)


@pytest.fixture(scope="module")
def address(prepared: dict[str, Any]) -> Iterator[str]:
    """The web process, as the Procfile starts it."""
    port = free_port()
    lines = (prepared["cwd"] / "Procfile").read_text().splitlines()
    (web,) = [line.removeprefix("web:") for line in lines if line.startswith("web:")]
    given = {**prepared["env"], "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}"}
    process = subprocess.Popen(shlex.split(web), cwd=prepared["cwd"], env=given)
    url = f"http://127.0.0.1:{port}"
    eventually(lambda: process.poll() is not None or answers(f"{url}/health"), 60)
    yield url
    process.terminate()
    process.wait(timeout=40)


def test_it_migrates_to_the_tables_of_the_core_alone(prepared):
    url = database.superuser_url(prepared["env"]["DATABASE_URL"].rsplit("/", 1)[1])
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'messaging'"
    with psycopg.connect(url) as connection:
        tables = {name for (name,) in connection.execute(query)}

    assert {"tenants", "channels", "messages", "webhook_deliveries"} - tables == set()
    assert [name for name in tables if name.startswith("whatsapp")] == []


def test_it_starts_and_answers_health_and_its_pages(address):
    asked = ["/health", "/", "/admin/login/", "/staff/login/"]
    statuses = [requests.get(f"{address}{path}", timeout=20).status_code for path in asked]

    assert statuses == [200, 200, 200, 200]
    assert requests.get(f"{address}/connect/whatsapp/", timeout=20).status_code == 404


def test_somebody_who_signed_in_sees_the_own_page_and_the_back_office(address, prepared):
    prepared["env"]["DJANGO_SUPERUSER_PASSWORD"] = "correct horse battery"
    created = ("createsuperuser", "--noinput", "--username", "root", "--email", "root@x.example")
    assert manage(prepared, *created).returncode == 0
    session = requests.Session()
    form = f"{address}/staff/login/?next=/staff/"
    answer = submit(session, form, username="root", password="correct horse battery")
    paths = ["/admin/", "/admin/channels/channel/", "/admin/messaging/message/"]

    assert (answer.status_code, answer.url) == (200, f"{address}/staff/")
    statuses = [session.get(f"{address}{path}", timeout=20).status_code for path in paths]
    assert statuses == [200, 200, 200]


def test_no_webhook_is_taken(address):
    posted = requests.post(f"{address}/api/webhooks/whatsapp", data=b"{}", timeout=20)
    assert posted.status_code == 404


@pytest.mark.parametrize(
    "command",
    [("worker", "--once"), ("jobs", "--once"), ("check_channels",), ("check",)],
    ids=lambda command: command[0],
)
def test_its_processes_and_commands_run(command, prepared):
    done = manage(prepared, *command)
    assert (done.returncode, done.stderr if done.returncode else "") == (0, "")


def test_a_channel_of_a_kind_that_is_not_there_is_refused_with_a_sentence(prepared):
    assert manage(prepared, "create_tenant", "acme", "--name", "Acme").returncode == 0
    prepared["env"]["TOKEN"] = "token"
    ids = ["--external-id", "1", "--account-id", "1", "--token-env", "TOKEN"]
    done = manage(prepared, "connect_channel", "whatsapp", "--tenant", "acme", *ids)

    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (
        1,
        "CommandError: There is no channel of the kind 'whatsapp'; known: none.",
    )
