"""Test channels, from their making to the verbs that stand in for a provider's."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from channels_app import providers
from channels_app.events import Event, Rejected
from channels_app.models import Channel
from channels_app.providers.simulation import Simulated
from channels_app.providers.simulation.provider import id_of
from channels_app.providers.simulation.recipients import DELIVERED, ENDINGS, behaviour_of
from channels_app.simulated_ids import is_test_id, new_channel
from tenants.scope import operator_scope
from tests.support.back_office import form_for, sign_in
from tests.support.forms import post
from tests.support.provider_contract import GARBAGE, GROUPS, verbs_of
from tests.support.simulation import connect

# asked of the real provider alone, because they ask nobody
PURE = {
    "answer_challenge",
    "parts_of",
    "recipient",
    "template_faults",
    "template_of",
    "template_parameters",
    "template_recipients",
}
# a test channel has no account, no other responder, and one item in each webhook
NEVER = {"list_templates", "pass_thread", "release_thread", "take_thread", "without"}


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


def only_channel() -> Channel:
    with operator_scope():
        return Channel.objects.get()


def test_the_command_connects_a_test_channel_without_ids_or_token(acme, capsys):
    call_command("connect_channel", "sample", "--tenant", "acme", "--test", "--name", "Tests")

    channel = only_channel()
    assert json.loads(capsys.readouterr().out) == {"id": str(channel.id), "status": "live"}
    assert (channel.is_test, channel.name, is_test_id(channel.external_id)) == (True, "Tests", True)
    assert channel.account_id == channel.external_id


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--test", "--external-id", "1"],
            "A test channel's ids and token are made here: type none of them.",
        ),
        (
            ["--external-id", "1"],
            "The following arguments are required: --account-id, --token-env",
        ),
        (["--test", "--name", "x" * 201], "--name takes at most 200 characters."),
    ],
)
def test_the_command_refuses_what_makes_no_channel(acme, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("connect_channel", "sample", "--tenant", "acme", *arguments)


def test_staff_add_a_test_channel_that_is_live_without_ids_or_token(web, staff, acme, jobs):
    form = {"kind": "sample", "is_test": "on", "name": "Tests"}

    post(staff, f"{web}{form_for('channels/channel', acme)}", **form)
    jobs()

    channel = only_channel()
    assert (channel.is_test, channel.status, channel.status_reason) == (True, "live", "")
    assert is_test_id(channel.external_id)
    listed = staff.get(f"{web}/admin/channels/channel/?is_test__exact=1", timeout=10).text
    assert "Live, test" in listed


def test_staff_change_nothing_of_what_makes_it_a_test_channel(web, staff, acme, jobs):
    before = connect(acme, "sample")

    post(
        staff,
        f"{web}/admin/channels/channel/{before.id}/change/",
        name="Renamed",
        is_test="",
        account_id="acmes-bot",
    )

    after = only_channel()
    assert (after.name, after.is_test, after.account_id) == ("Renamed", True, before.account_id)


def test_a_channel_that_is_no_test_channel_needs_its_ids(web, staff, acme):
    form = {"kind": "sample", "access_token": "token"}

    page = post(staff, f"{web}{form_for('channels/channel', acme)}", **form)

    assert page.text.count("This field is required.") == 2
    with operator_scope():
        assert Channel.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"is_test": False}, {"account_id": "acmes-bot"}, {"external_id": "acmes-bot"}],
    ids=str,
)
def test_a_test_channel_cannot_become_a_real_one(acme, changes):
    channel = connect(acme, "sample")

    with pytest.raises(IntegrityError, match="test_channel_has_ids_of_ours"), operator_scope():
        Channel.objects.filter(id=channel.id).update(**changes)


def test_a_real_channel_cannot_become_a_test_channel(acme):
    with operator_scope():
        channel = Channel.objects.create(
            tenant=acme, kind="sample", external_id="acmes-bot", account_id="acmes-bot"
        )

    ids = {**new_channel()}
    del ids["access_token"]
    for changes in ({"is_test": True}, ids):
        with pytest.raises(IntegrityError, match="test_channel_has_ids"), operator_scope():
            Channel.objects.filter(id=channel.id).update(**changes)


@pytest.mark.parametrize("group", [providers.Provider, *GROUPS, providers.FirstContact])
def test_every_verb_that_reaches_out_is_answered_here_and_no_other_is_there(group):
    offered = {verb for verb in verbs_of(group) if hasattr(simulated(), verb)}

    assert set(verbs_of(group)) - offered <= PURE | NEVER
    assert offered & (PURE | NEVER) == set()


def simulated() -> Simulated:
    return Simulated(providers.get("sample"))


@pytest.mark.parametrize(
    "body", [*GARBAGE, b'{"type": "status"}', b'{"type": "message", "ids": []}']
)
def test_no_body_makes_the_reader_of_its_webhooks_raise(body):
    (event,) = simulated().parse(body, "test-1")

    assert isinstance(event, Event)
    assert isinstance(event, Rejected)


@pytest.mark.parametrize(
    ("recipient", "known"),
    [
        ("46700000001", ENDINGS["0001"]),
        ("0002", ENDINGS["0002"]),
        ("SE.ada", DELIVERED),
        ("", DELIVERED),
    ],
)
def test_the_end_of_an_address_of_any_form_decides(recipient, known):
    assert behaviour_of(recipient) == known


def test_a_refusal_is_another_object_each_time():
    first, second = (ENDINGS["0002"].refusal_of(1) for _ in range(2))

    assert first is not second
    assert str(first) == str(second)


def test_a_message_without_an_answer_has_the_id_that_it_would_have_had():
    (first, *_) = simulated_with_statuses().follow_ups(to="46700000005", reference="o1:x:1")
    (event,) = simulated().parse(first.body, "test-1")

    assert (event.external_id, event.reference) == (id_of("o1:x:1"), "o1:x:1")


def simulated_with_statuses() -> Simulated:
    acting = simulated()
    acting.reports_delivery = acting.settles_unknown = True
    return acting
