"""`set_reply_strategy`: which strategy answers, by command."""

import json

import pytest
from django import forms
from django.core.management import CommandError, call_command

from messaging.models import Message, ReplyChoice
from tenants.models import AuditEntry
from tenants.scope import operator_scope
from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.commands import command
from tests.support.replies import choose

pytestmark = pytest.mark.whatsapp

HOURS = {"opens": "08:00", "zone": "Europe/Stockholm", "while_closed": "We are closed."}
CLOSED = {**HOURS, "closes": "17:00", "while_open": "", "days": []}
DEFAULTS = {
    "days": ["0", "1", "2", "3", "4"],
    "opens": "09:00",
    "closes": "17:00",
    "zone": "UTC",
    "while_open": "",
    "while_closed": "",
}


def test_a_strategy_is_chosen_for_a_tenant_and_what_is_left_out_has_its_default(acme):
    given = json.dumps(HOURS)
    said = command("set_reply_strategy", "--tenant", "acme", "office_hours", given)

    settings = {**DEFAULTS, **HOURS, "opens": "08:00"}
    assert said == {
        "tenant": "acme",
        "channel": None,
        "strategy": "office_hours",
        "settings": settings,
    }
    with operator_scope():
        choice = ReplyChoice.objects.get()
    assert (choice.tenant_id, choice.channel_id, choice.settings) == (acme.id, None, settings)


def test_a_channels_choice_is_its_own_and_can_be_taken_back(acme, acme_whatsapp):
    of_channel = ["--tenant", "acme", "--channel", str(acme_whatsapp.id)]
    command("set_reply_strategy", "--tenant", "acme", "none")
    command("set_reply_strategy", *of_channel, "static")
    command("set_reply_strategy", *of_channel, "default")

    with operator_scope():
        assert list(ReplyChoice.objects.values_list("strategy", "channel")) == [("none", None)]


def test_another_choice_takes_the_place_of_the_first(acme):
    for strategy in ("none", "static"):
        command("set_reply_strategy", "--tenant", "acme", strategy)

    with operator_scope():
        assert list(ReplyChoice.objects.values_list("strategy", flat=True)) == ["static"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["office_hours", '{"opens": "early", "zone": "Malmo", "colour": "red"}'],
            "opens: Enter a valid time. zone: There is no time zone of this name. Write one as"
            " Europe/Stockholm. colour: The strategy has no setting of this name.",
        ),
        (
            ["office_hours", "[]"],
            'The settings are no JSON object, such as \'{"opens": "08:00"}\'.',
        ),
        (
            ["none", "--channel", "01a22c44-40c0-731b-a815-fe221beac29b"],
            "The tenant 'acme' has no channel 01a22c44-40c0-731b-a815-fe221beac29b.",
        ),
    ],
)
def test_what_cannot_be_set_is_told_in_sentences_and_changes_nothing(acme, arguments, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("set_reply_strategy", "--tenant", "acme", *arguments)

    assert str(refusal.value) == sentence
    with operator_scope():
        assert ReplyChoice.objects.count() == 0


def test_a_choice_stands_in_the_audit_log(acme):
    command("set_reply_strategy", "--tenant", "acme", "none")

    with operator_scope():
        choice, entry = ReplyChoice.objects.get(), AuditEntry.objects.get()
    assert (entry.tenant_id, entry.kind, entry.object_ids) == (
        acme.id,
        "messaging.replychoice",
        [str(choice.id)],
    )
    assert entry.detail == {"command": "set_reply_strategy", "strategy": "none"}


class Named:
    name, label, form = "named", "A name", forms.Form

    def __init__(self, given):
        pass

    def reply_to(self, message: Message) -> str:
        return "From the one with a name."


def test_a_channels_choice_goes_before_its_tenants_and_both_before_the_default(
    acme, acme_whatsapp, write, work, graph, settings
):
    settings.REPLY_STRATEGIES = [f"{__name__}.Named"]
    write("One")
    work()
    choose(acme, "office_hours", **CLOSED)
    write("Two")
    work()
    choose(acme, "named", channel=acme_whatsapp)
    write("Three")
    work()

    assert [each["message"]["text"]["body"] for each in graph.ledger] == [
        acme.auto_reply,
        "We are closed.",
        "From the one with a name.",
    ]


def test_what_a_tenant_chose_changes_nothing_for_another(
    acme, globex, globex_whatsapp, acme_whatsapp, write, work, graph
):
    choose(acme, "none")
    write("Hello")
    write("Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()

    assert [each["message"]["text"]["body"] for each in graph.ledger] == [globex.auto_reply]
