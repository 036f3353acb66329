"""`conversation`: who answers, and handing over, taking and handing back, from a terminal."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from channels_app.models import LoggedEvent
from messaging.models import Conversation
from tenants.models import AuditEntry, Tenant
from tenants.scope import operator_scope
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.commands import command

pytestmark = pytest.mark.whatsapp

NOTE = "Asks for a refund"
OF_AUTOMATION = {"answering": "automation", "until": None, "waiting": None}


@pytest.fixture
def ada(acme_whatsapp, write, work, graph) -> str:
    """The id of Ada's conversation with Acme."""
    write("Hello")
    work()
    with operator_scope():
        return str(Conversation.objects.get().id)


def said(action: str, *words: object) -> dict:
    told = command("conversation", action, *map(str, words))
    del told["conversation"]
    return told


def refusal(*words: object) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("conversation", *map(str, words))
    return str(refused.value)


@pytest.mark.parametrize("term", ["+46 70 000 001", "4670000001"])
def test_a_conversation_is_handed_over_by_the_persons_number(ada, term):
    told = command("conversation", "hand_over", "--tenant", "acme", term, "--note", NOTE)
    ends = parse_datetime(told["until"]) - timezone.now()

    assert (told["conversation"], told["answering"]) == (ada, "waiting")
    assert (told["waiting"]["because"], told["waiting"]["note"]) == ("order", NOTE)
    assert timedelta(hours=23) < ends <= timedelta(hours=24)
    assert command("conversation", "show", ada) == told


def test_nothing_is_answered_until_it_is_handed_back(ada, write, work, graph):
    said("hand_over", ada)
    write("Is anybody there?")
    work()
    while_waiting = len(graph.ledger)
    taken = said("take", ada)
    write("Hello?")
    work()
    while_taken = len(graph.ledger)
    handed_back = said("hand_back", ada)
    write("Thank you")
    work()

    assert (taken["answering"], taken["waiting"], handed_back) == ("person", None, OF_AUTOMATION)
    assert (while_waiting, while_taken, len(graph.ledger)) == (1, 1, 2)


def test_where_the_tenant_has_set_no_end_it_is_peoples_until_it_is_handed_back(ada):
    with operator_scope():
        Tenant.objects.update(handover_hours=0)

    told = said("take", ada)
    assert told == {"answering": "person", "until": None, "waiting": None}


def test_what_is_ordered_is_noted_and_logged_once(ada):
    for _ in range(2):
        said("hand_over", ada, "--note", NOTE)
    said("show", ada)
    with operator_scope():
        entries = list(AuditEntry.objects.filter(kind="messaging.conversation").order_by("id"))
        events = LoggedEvent.objects.filter(type="conversation.handed_over").count()

    assert [(each.object_ids, each.detail) for each in entries] == [
        ([ada], {"command": "conversation", "order": "hand_over"})
    ] * 2
    assert events == 1


def test_what_cannot_be_meant_is_said_in_a_sentence(ada, globex_whatsapp, write, work):
    write("Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    with operator_scope():
        ids = list(Conversation.objects.order_by("-id").values_list("id", flat=True))

    assert refusal("take", ADA) == (
        f"Several conversations are meant; name one by its id: {ids[0]}, {ids[1]}."
    )
    assert refusal("take", "--tenant", "globex", ada) == "No conversation of that id is known."
    assert refusal("take", ada, "--note", NOTE) == "--note goes with hand_over."
    assert refusal("hand_over", ada, "--note", "x" * 501) == "--note takes at most 500 characters."
    assert said("show", ada) == OF_AUTOMATION
