"""Templates that webhooks tell of: each value is the newest, in whatever order they come."""

import time

import pytest

from channels_app.content import Template, TemplateBody, TextValue, Unsendable
from channels_app.models import ChannelEvent
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Conversation
from messaging.outbound.submit import send
from tenants.scope import tenant_scope
from tests.support.cast import ACME_ACCOUNT, create_tenant
from tests.support.outcomes import waiting
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.templates_of_acme import BODY, kept, listed, status, template, told

pytestmark = pytest.mark.whatsapp

LONG_AGO = 1_790_000_000
ADA = TemplateBody(values=(TextValue(text="Ada"),))


@pytest.fixture
def tells(deliver, work):
    """Entries of a webhook, taken through by the worker."""

    def tells(*entries: dict) -> None:
        assert deliver(bodies.webhook(*entries)).status_code == 200
        work()

    return tells


@pytest.fixture
def said(acme, acme_whatsapp, write):
    """What is said against sending Ada a template; nothing: it is queued."""
    write("Hello")
    DeliveryLeaser().process_due()

    def said(
        *components: TemplateBody, name: str = "order_ready", language: str = "en_US"
    ) -> list[str]:
        with tenant_scope(acme.id):
            try:
                send(
                    Conversation.objects.get().id,
                    Template(name=name, language=language, components=components),
                    origin="api",
                )
            except Unsendable as refusal:
                return list(refusal.faults)
        return []

    return said


def test_a_status_is_kept_for_each_tenant_of_the_account_and_for_nobody_else(
    acme, acme_whatsapp, globex, globex_whatsapp, tells
):
    initech = create_tenant("initech", "Initech")
    connect(initech, "400000000000003", ACME_ACCOUNT, "token-of-initech")
    tells(status("REJECTED", reason="INVALID_FORMAT", message_template_category="UTILITY"))

    assert [kept(each) for each in (acme, initech, globex)] == [
        {"order_ready": "rejected"},
        {"order_ready": "rejected"},
        {},
    ]
    found = template(acme)
    assert (found.external_id, found.language, found.category, found.rejected_reason) == (
        "77",
        "en_US",
        "utility",
        "INVALID_FORMAT",
    )

    tells(status("APPROVED", at=time.time() + 1, reason="NONE"))
    assert (kept(acme), template(acme).rejected_reason) == ({"order_ready": "approved"}, "")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_the_newest_status_counts_in_whatever_order_they_come(acme, acme_whatsapp, tells, order):
    events = [
        status(word, at=LONG_AGO + 60 * place)
        for place, word in enumerate(("PENDING", "APPROVED", "PAUSED"))
    ]
    for place in order:
        tells(events[place])
    assert (kept(acme), template(acme).changed_at.timestamp()) == (
        {"order_ready": "paused"},
        LONG_AGO + 120,
    )

    tells(*events)
    with tenant_scope(acme.id):
        assert ChannelEvent.objects.count() == 3


def test_quality_and_category_and_status_do_not_undo_each_other(acme, acme_whatsapp, tells):
    tells(
        told(
            "message_template_quality_update",
            at=LONG_AGO + 2,
            previous_quality_score="GREEN",
            new_quality_score="RED",
        )
    )
    tells(
        told(
            "template_category_update",
            at=LONG_AGO + 1,
            previous_category="UTILITY",
            new_category="MARKETING",
        )
    )
    tells(status("APPROVED", at=LONG_AGO, message_template_category="UTILITY"))

    found = template(acme)
    assert (found.status, found.quality, found.category) == ("approved", "red", "marketing")


def test_a_category_that_is_announced_is_news_and_not_there_yet(acme, acme_whatsapp, tells):
    tells(status("APPROVED", at=LONG_AGO, message_template_category="UTILITY"))
    tells(
        told(
            "template_category_update",
            at=LONG_AGO + 1,
            new_category="UTILITY",
            correct_category="MARKETING",
        )
    )
    assert template(acme).category == "utility"

    tells(
        told(
            "template_category_update",
            at=LONG_AGO + 2,
            previous_category="UTILITY",
            new_category="MARKETING",
        )
    )
    assert template(acme).category == "marketing"
    with tenant_scope(acme.id):
        assert [each.summary for each in ChannelEvent.objects.order_by("occurred_at")][1:] == [
            (
                "The category of the template order_ready (en_US) becomes marketing within a day:"
                " its price changes with it."
            ),
            (
                "The category of the template order_ready (en_US) is now marketing (it was"
                " utility): its price is another."
            ),
        ]


def test_components_that_are_told_take_the_place_of_their_own_kind(
    acme, acme_whatsapp, tells, graph, jobs, fetch_templates
):
    header, card = {"type": "HEADER", "format": "IMAGE"}, {"type": "CAROUSEL", "cards": []}
    graph.templates[ACME_ACCOUNT] = [listed(components=[header, BODY, {"type": ["BODY"]}, card])]
    fetch_templates(acme_whatsapp)
    tells(
        told(
            "message_template_components_update",
            at=time.time() + 1,
            message_template_element="New: {{1}}",
        )
    )

    assert template(acme).components == [header, {"type": "BODY", "text": "New: {{1}}"}, card]


def test_a_template_that_was_told_approved_is_checked_and_sent(acme, said, tells, graph):
    assert said(ADA) == [
        "The account has no template 'order_ready' in 'en_US'. Fetch its templates, or correct"
        " the name."
    ]
    tells(
        status("APPROVED"),
        told("message_template_components_update", message_template_element=BODY["text"]),
    )

    assert said() == ["The body takes 1 value; it is given no value."]
    assert said(ADA) == []
    tells(status("PAUSED", at=time.time() + 1))
    assert [sent["message"]["template"]["name"] for sent in graph.ledger[1:]] == ["order_ready"]
    assert said(ADA) == [
        "The template order_ready is paused by Meta for its quality: wait until the pause ends, or"
        " use another."
    ]


@pytest.mark.parametrize("word", ["FLAGGED", "LOCKED"])
def test_a_template_of_which_meta_does_not_say_that_it_cannot_be_sent_is_sent(
    acme, said, tells, work, graph, word
):
    tells(
        status(word),
        told("message_template_components_update", message_template_element=BODY["text"]),
    )

    assert said(ADA) == []
    work()
    assert [sent["message"]["template"]["name"] for sent in graph.ledger[1:]] == ["order_ready"]


@pytest.mark.parametrize("word", ["APPROVED", "approved"])
def test_a_listed_template_is_found_and_checked_whichever_way_it_is_written(
    acme, acme_whatsapp, said, graph, fetch_templates, word
):
    named = {"type": "BODY", "text": "Hi {{first_name}}."}
    graph.templates[ACME_ACCOUNT] = [
        listed(status=word),
        listed("by_name", parameter_format="NAMED", components=[named], category="MARKETING"),
        listed("late", status="REJECTED"),
    ]
    fetch_templates(acme_whatsapp)

    by_name = TemplateBody(values=(TextValue(text="Ada", name="first_name"),))
    assert (said(ADA), said(by_name, name="by_name")) == ([], [])
    assert said(ADA, name="by_name") == [
        "The body takes a value named first_name; none is given.",
        "The body takes its values by name; value 1 has none.",
    ]
    assert said(ADA, name="late") == [
        "The template late was rejected by Meta: edit it and have it reviewed again."
    ]
    with tenant_scope(acme.id):
        sent = Conversation.objects.get().messages.filter(kind="template").order_by("seq")
        assert [each.is_marketing for each in sent] == [False, True]


def test_a_listed_template_of_another_language_is_another(
    acme, acme_whatsapp, said, graph, fetch_templates, db_rows
):
    graph.templates[ACME_ACCOUNT] = [
        listed(language="de"),
        listed(language="en_US", status="PAUSED"),
    ]
    fetch_templates(acme_whatsapp)

    assert (
        said(ADA, language="de"),
        len(said(ADA, language="en_US")),
        len(said(ADA, language="he")),
    ) == ([], 1, 1)
    assert waiting(db_rows) == []


def test_a_template_of_the_tenants_other_account_is_not_this_channels(
    acme, acme_whatsapp, said, graph, fetch_templates
):
    second = connect(acme, "400000000000004", "300000000000003", "token-of-second")
    graph.templates = {"300000000000003": [listed()], ACME_ACCOUNT: [listed("promo")]}
    fetch_templates(acme_whatsapp, second)

    assert kept(acme) == {"order_ready": "approved", "promo": "approved"}
    assert (said(ADA, name="promo"), said(ADA)) == (
        [],
        [
            "The account has no template 'order_ready' in 'en_US'. Fetch its templates, or correct"
            " the name."
        ],
    )
