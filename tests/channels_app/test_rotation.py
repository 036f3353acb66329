"""A new key takes the old one's place while everything goes on."""

import json
import threading

import pytest
from django.core.management import CommandError, call_command

from channels_app.lifecycle.rotation import portions, reseal
from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, REPLY, thread_of
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp

OLD_KEY, NEW_KEY = bytes(range(1, 33)), bytes(range(101, 133))
OLD, BOTH, NEW = {"old": OLD_KEY}, {"new": NEW_KEY, "old": OLD_KEY}, {"new": NEW_KEY}


@pytest.fixture
def many(acme, settings) -> list[Channel]:
    """A hundred and one more channels of Acme's, sealed under the old key."""
    settings.ENCRYPTION_KEYS = OLD
    return [
        connect(acme, f"41{number:013}", ACME_ACCOUNT, f"token {number}".replace(" ", "-"))
        for number in range(101)
    ]


def rotate(capsys) -> tuple[dict, str]:
    call_command("rotate_encryption_keys")
    told = capsys.readouterr()
    return json.loads(told.out), told.err


def tokens() -> list[str]:
    with operator_scope():
        return [each.secrets()["access_token"] for each in Channel.objects.order_by("id")]


def key_ids() -> set[str]:
    with operator_scope():
        return {
            credentials.split(".")[1]
            for credentials in Channel.objects.values_list("credentials", flat=True)
        }


def test_every_secret_is_sealed_anew_and_the_old_key_may_go(many, settings, capsys):
    settings.ENCRYPTION_KEYS = BOTH
    told, progress = rotate(capsys)
    again, _ = rotate(capsys)

    assert (told, again) == (
        {"resealed": 101, "changed_meanwhile": 0},
        {"resealed": 0, "changed_meanwhile": 0},
    )
    assert progress.splitlines()[:2] == ["100 secrets sealed anew", "101 secrets sealed anew"]
    settings.ENCRYPTION_KEYS = NEW
    assert (key_ids(), tokens()) == ({"new"}, [f"token-{number}" for number in range(101)])


def test_one_that_was_interrupted_goes_on_where_it_was(many, settings, capsys):
    settings.ENCRYPTION_KEYS = BOTH
    next(portions(Channel))
    assert key_ids() == {"new", "old"}

    told, _ = rotate(capsys)
    assert (told["resealed"], key_ids()) == (1, {"new"})


def test_a_token_that_is_replaced_meanwhile_stays_replaced(acme, acme_whatsapp, settings):
    settings.ENCRYPTION_KEYS = BOTH | settings.ENCRYPTION_KEYS
    with operator_scope():
        read = Channel.objects.get()
    connect(acme, read.external_id, read.account_id, "token-of-tomorrow")

    with operator_scope():
        assert reseal(read) == "changed"
    assert tokens() == ["token-of-tomorrow"]


def test_settings_saved_by_who_read_the_channel_before_do_not_bring_the_old_seal_back(
    many, settings, capsys
):
    settings.ENCRYPTION_KEYS = BOTH
    with operator_scope():
        read = Channel.objects.order_by("id").first()
    rotate(capsys)
    with operator_scope():
        read.name = "Shop"
        read.save_settings("name")

        assert Channel.objects.get(id=read.id).name == "Shop"
    assert key_ids() == {"new"}


def test_secrets_whose_key_is_missing_are_counted_and_kept(many, settings, capsys):
    settings.ENCRYPTION_KEYS = NEW
    with pytest.raises(
        CommandError, match="101 secrets do not open with any key of ENCRYPTION_KEYS"
    ):
        call_command("rotate_encryption_keys")
    settings.ENCRYPTION_KEYS = OLD

    assert tokens() == [f"token-{number}" for number in range(101)]


def test_messages_that_are_sent_meanwhile_all_arrive(
    acme, many, deliver, work, graph, settings, capsys
):
    settings.ENCRYPTION_KEYS = BOTH
    for number, channel in enumerate(many[:30]):
        messages = (bodies.text(sender=f"4670000{number:04}"),)
        deliver(
            bodies.webhook(
                bodies.entry(ACME_ACCOUNT, bodies.value(channel.external_id, messages=messages))
            )
        )
    sending = threading.Thread(target=work)
    sending.start()
    told, _ = rotate(capsys)
    sending.join()

    assert told["resealed"] == 101
    assert (
        thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")] * 30
    )
    assert sorted(entry["token"] for entry in graph.ledger) == sorted(
        f"token-{number}" for number in range(30)
    )


def test_a_new_token_leaves_what_else_is_sealed_with_the_channel(acme, acme_whatsapp):
    with operator_scope():
        channel = Channel.objects.get()
        channel.seal(access_token="token-of-acme", pin="123456")
        channel.save()
    connect(acme, channel.external_id, channel.account_id, "token-of-tomorrow")

    with operator_scope():
        assert Channel.objects.get().secrets() == {
            "access_token": "token-of-tomorrow",
            "pin": "123456",
        }
