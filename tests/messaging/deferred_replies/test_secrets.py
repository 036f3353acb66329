"""A service is asked with its key, which is opened for nothing else."""

import pytest

from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.replies import KEY, choose, choose_service, says

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def keys(service) -> list[str]:
    """The keys that the service was asked with."""
    keys: list[str] = []

    def answer(received):
        keys.append(received.headers["authorization"].removeprefix("Bearer "))
        return says("Hello from the service.")

    service.answer = answer
    return keys


def test_a_service_is_asked_with_the_key_that_was_set(
    acmes_service, keys, write, work, answer, thread
):
    write("Hello")
    work()
    answer()

    assert (keys, thread()[0]) == ([KEY], ("Hello", "received"))


def test_the_rows_hold_a_seal_and_not_the_secret(acmes_service, write, work, db_rows):
    write("Hello")
    work()
    tables = ("reply_choices", "deferred_replies", "messages", "audit_entries")
    rows = [
        db_rows.execute(f"SELECT t::text FROM messaging.{each} t").fetchall() for each in tables
    ]

    assert [len(each) > 0 for each in rows[:3]] == [True] * 3
    assert [row for each in rows for (row,) in each if KEY in row] == []


def test_a_reply_that_waits_is_asked_with_the_key_of_now(
    acme, acmes_service, keys, write, work, answer
):
    write("Hello")
    work()
    choose_service(acme, acmes_service, "sk-newer")
    answer()

    assert keys == ["sk-newer"]


def test_a_reply_that_waits_is_asked_without_a_key_once_another_strategy_is_chosen(
    acme, acmes_service, keys, write, work, answer
):
    write("Hello")
    work()
    choose(acme, "none")
    answer()

    assert keys == [""]


def test_a_secret_that_does_not_open_leaves_the_conversation_to_people(
    acme, acmes_service, keys, globex_whatsapp, write, work, thread, waiting, settings, graph
):
    settings.ENCRYPTION_KEYS = {"another": bytes(32)}
    write("Hello")
    write("Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()

    assert (keys, waiting()) == ([], [("failed", "")])
    assert [each[0] for each in thread()][:1] == ["Hello"]
