"""Settings that are secret: sealed at rest, opened for a strategy alone, never shown again."""

import json

import pytest
from django.core.management import CommandError, call_command

from messaging.models import ReplyChoice
from messaging.models.reply_choice import Chosen
from messaging.replies import choosing, registry
from tenants import encryption
from tenants.encryption import CannotOpen
from tenants.models import AuditEntry
from tenants.scope import operator_scope
from tests.support.commands import command
from tests.support.replies import KEY

pytestmark = pytest.mark.whatsapp

URL = "https://service.example/answer"
KEPT_ELSEWHERE = {"key": ["Give it again: the stored one is not for the new address."]}


@pytest.fixture(autouse=True)
def service(settings):
    settings.REPLY_STRATEGIES = ["tests.support.service_strategy.AsksAService"]


def set_service(tenant, **given) -> ReplyChoice:
    with operator_scope():
        return choosing.choose(tenant.id, None, "service", given)


def stored() -> ReplyChoice:
    with operator_scope():
        return ReplyChoice.objects.get()


def test_a_copied_seal_does_not_open_in_another_tenants_row(acme, globex):
    mine = set_service(acme, url=URL, key=KEY)
    theirs = set_service(globex, url=URL, key="sk-of-globex")
    theirs.credentials = mine.credentials

    assert mine.secrets() == {"key": KEY}
    with pytest.raises(CannotOpen):
        theirs.secrets()


@pytest.mark.parametrize("given", [{}, {"key": ""}])
def test_a_secret_that_is_left_out_stays(acme, given):
    set_service(acme, url=URL, key=KEY)
    set_service(acme, url=URL, **given)

    assert (stored().settings, stored().secrets()) == ({"url": URL}, {"key": KEY})


def test_none_empties_a_secret_also_where_the_address_changes(acme):
    set_service(acme, url=URL, key=KEY)
    elsewhere = "https://elsewhere.example/answer"
    set_service(acme, url=elsewhere, key=None)

    assert (stored().settings, stored().secrets()) == ({"url": elsewhere}, {"key": ""})
    assert registry.strategy(stored().chosen()).key == ""


def test_the_command_empties_the_secrets_that_are_named(acme):
    set_service(acme, url=URL, key=KEY)
    given = ["service", json.dumps({"url": URL}), "--clear-secret", "key"]
    told = command("set_reply_strategy", "--tenant", "acme", *given)

    assert (told["settings"], stored().secrets()) == ({"url": URL}, {"key": ""})


def test_a_secret_that_is_given_anew_takes_the_place_of_the_first(acme):
    set_service(acme, url=URL, key=KEY)
    set_service(acme, url=URL, key="sk-newer")

    assert stored().secrets() == {"key": "sk-newer"}


def test_a_secret_is_not_kept_for_another_address(acme):
    set_service(acme, url=URL, key=KEY)
    with pytest.raises(choosing.Refused) as refusal:
        set_service(acme, url="https://elsewhere.example/answer")

    assert refusal.value.faults == KEPT_ELSEWHERE
    assert (stored().settings, stored().secrets()) == ({"url": URL}, {"key": KEY})
    set_service(acme, url="https://elsewhere.example/answer", key="sk-newer")
    assert stored().secrets() == {"key": "sk-newer"}


def test_another_strategy_leaves_no_secret_behind(acme):
    set_service(acme, url=URL, key=KEY)
    choose_none = command("set_reply_strategy", "--tenant", "acme", "none")

    assert (choose_none["settings"], stored().credentials) == ({}, "")


def test_a_secret_comes_from_a_variable_and_stands_in_no_answer_and_no_audit_entry(
    acme, monkeypatch, capsys
):
    monkeypatch.setenv("SERVICE_KEY", KEY)
    given = ["service", json.dumps({"url": URL}), "--secret-env", "key=SERVICE_KEY"]
    call_command("set_reply_strategy", "--tenant", "acme", *given)
    told = capsys.readouterr()

    assert stored().secrets() == {"key": KEY}
    assert json.loads(told.out)["settings"] == {"url": URL}
    with operator_scope():
        assert AuditEntry.objects.get().detail == {
            "command": "set_reply_strategy",
            "strategy": "service",
        }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            ['{"url": "https://service.example", "key": "sk-typed"}'],
            "key: It is secret, and a command line is not: put it into an environment variable, and"
            " name that, --secret-env key=VARIABLE.",
        ),
        (
            ["--secret-env", "key=NO_SUCH_VARIABLE"],
            "The environment variable NO_SUCH_VARIABLE holds nothing.",
        ),
        (["--secret-env", "key"], "--secret-env takes SETTING=VARIABLE."),
        (
            ["--clear-secret", "url"],
            "url: The strategy service has no secret setting of this name.",
        ),
        (
            ["--clear-secret", "key", "--secret-env", "key=PATH"],
            "key: It is to be set and deleted: leave out --secret-env or --clear-secret.",
        ),
    ],
)
def test_what_is_no_secret_of_a_variable_is_refused_with_a_sentence(acme, given, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("set_reply_strategy", "--tenant", "acme", "service", *given)

    assert str(refusal.value) == sentence


def test_a_rotated_encryption_key_takes_secrets_of_strategies_with_it(acme, settings, capsys):
    old = settings.ENCRYPTION_KEYS
    set_service(acme, url=URL, key=KEY)
    settings.ENCRYPTION_KEYS = {"new": bytes(range(101, 133)), **old}
    call_command("rotate_encryption_keys")
    settings.ENCRYPTION_KEYS = {"new": bytes(range(101, 133))}

    assert json.loads(capsys.readouterr().out)["resealed"] == 1
    assert (stored().credentials.split(".")[1], stored().secrets()) == ("new", {"key": KEY})


def test_a_secret_is_opened_once_for_as_long_as_it_stays(acme, monkeypatch):
    opened = []
    unseal = encryption.unseal
    monkeypatch.setattr(encryption, "unseal", lambda *given: opened.append(given) or unseal(*given))
    choice = set_service(acme, url=URL, key=KEY)
    made = [registry.strategy(stored().chosen()) for _ in range(3)]
    newer = set_service(acme, url=URL, key="sk-newer")
    opened_for_choosing = len(opened) - 1
    made.append(registry.strategy(newer.chosen()))

    assert (choice.id, [each.key for each in made]) == (newer.id, [KEY] * 3 + ["sk-newer"])
    assert len(opened) - opened_for_choosing == 2


def test_what_is_made_a_key_of_shows_no_secret(acme):
    chosen = set_service(acme, url=URL, key=KEY).chosen()

    assert (chosen.given(), KEY in repr(chosen)) == ({"url": URL, "key": KEY}, False)
    assert Chosen("static").given() == {}
