"""A process of hardened mode starts with its own login alone, and runs what is its own alone."""

import psycopg
import pytest

from tests.support import database
from tests.support.processes import manage
from tests.tenants.hardened.stage import PROCESSES, Hardened

pytestmark = pytest.mark.whatsapp

NOT_TO = "which the process {!r} must not."
NEEDS = "which the process {!r} needs."


def faults(done: object) -> list[str]:
    return [line[3:] for line in done.stderr.splitlines() if line.startswith("?:")]  # type: ignore[attr-defined]


def said(login: str, *words: str) -> list[str]:
    return [f"(tenants.E007) The role {login!r} of DATABASE_URL may {each}" for each in words]


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_starts_with_its_own_login_and_with_none_of_the_others(process, stage):
    ends = {}
    for login in PROCESSES:
        url = stage.environment_of(login)["DATABASE_URL"]
        ends[login] = manage(stage.name, "check", PROCESS=process, DATABASE_URL=url).returncode

    assert ends == {login: int(login != process) for login in PROCESSES}


def test_what_a_login_may_not_and_what_it_may_without_need_are_a_sentence_each(stage: Hardened):
    url = stage.environment_of("back-office")["DATABASE_URL"]

    done = manage(stage.name, "check", PROCESS="webhooks", DATABASE_URL=url)

    needs, not_to = NEEDS.format("webhooks"), NOT_TO.format("webhooks")
    expected = said(
        stage.login_of("back-office"),
        f"become msg_auth, {not_to}",
        f"become msg_operator, {not_to}",
        f"become msg_router, {not_to}",
        f"not put webhooks in, {needs}",
        f"open tenants' scopes, {not_to}",
    )
    assert (done.returncode, faults(done)) == (1, expected)
    assert "docs/hardened.md" in done.stderr


def test_the_runtime_role_is_refused_to_every_process_of_hardened_mode(stage):
    url = database.superuser_url(stage.name).replace("postgres@", f"{stage.role}:x@")

    done = manage(stage.name, "check", PROCESS="worker", DATABASE_URL=url)

    assert done.returncode == 1
    login = stage.role
    assert said(login, f"become msg_operator, {NOT_TO.format('worker')}")[0] in faults(done)


def test_a_login_of_one_process_is_refused_without_the_process(stage):
    url = stage.environment_of("worker")["DATABASE_URL"]

    done = manage(stage.name, "worker", "--once", DATABASE_URL=url)

    words = "not become msg_operator, which a process needs without PROCESS."
    assert (done.returncode, said(stage.login_of("worker"), words)[0] in faults(done)) == (1, True)


def test_a_right_that_somebody_gives_a_login_later_is_refused_at_the_next_start(stage, alone):
    login = stage.login_of("webhooks")
    with psycopg.connect(database.superuser_url(stage.name), autocommit=True) as superuser:
        superuser.execute(f"GRANT msg_operator TO {login}")
        try:
            done = stage.manage("webhooks", "check")
        finally:
            superuser.execute(f"REVOKE msg_operator FROM {login}")

    not_to = NOT_TO.format("webhooks")
    expected = said(login, f"become msg_auth, {not_to}", f"become msg_operator, {not_to}")
    assert (done.returncode, faults(done)) == (1, expected)


@pytest.mark.parametrize(
    ("process", "command", "owner"),
    [
        ("jobs", "worker", "worker"),
        ("worker", "jobs", "jobs"),
        ("worker", "status", "back-office"),
        ("webhooks", "create_api_key", "back-office"),
    ],
)
def test_a_command_of_another_process_is_refused(process, command, owner, stage):
    done = stage.manage(process, command)

    sentence = f"PROCESS is {process!r}: manage.py {command} runs as the process {owner!r}.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
