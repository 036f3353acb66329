"""An account's templates are fetched whole, by a task: what its provider lists is kept, and what it
does not was deleted.
"""

import time

import pytest

from channels_app.models import MessageTemplate
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT, GLOBEX_ACCOUNT, create_tenant
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.templates_of_acme import BODY, kept, listed, status, template, told

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

SECOND_NUMBER, SECOND_ACCOUNT = "400000000000003", "300000000000003"


@pytest.fixture
def tells(deliver, work):
    def tells(*entries: dict) -> None:
        assert deliver(bodies.webhook(*entries)).status_code == 200
        work()

    return tells


def everything(tenant: Tenant) -> list[dict]:
    with tenant_scope(tenant.id):
        return list(MessageTemplate.objects.order_by("id").values())


def test_250_templates_come_in_three_pages(
    acme, acme_whatsapp, globex, globex_whatsapp, graph, fetch_templates, attempts
):
    graph.templates[ACME_ACCOUNT] = [listed(f"t{number:03}") for number in range(250)]
    graph.templates[GLOBEX_ACCOUNT] = [listed("of_globex")]
    fetch_templates(acme_whatsapp)

    assert kept(acme) == {f"t{number:03}": "approved" for number in range(250)}
    assert [
        (each["waba_id"], each["token"], each.get("after")) for each in graph.template_questions
    ] == [(ACME_ACCOUNT, "token-of-acme", after) for after in (None, "100", "200")]
    assert (attempts(), kept(globex)) == ([("succeeded", 1)], {})

    fetch_templates(globex_whatsapp)
    assert (kept(globex), len(kept(acme))) == ({"of_globex": "approved"}, 250)


def test_an_account_with_thousands_of_templates_is_fetched(
    acme, acme_whatsapp, graph, fetch_templates, attempts
):
    graph.templates[ACME_ACCOUNT] = [listed(f"t{number}") for number in range(2100)]
    fetch_templates(acme_whatsapp)

    assert (attempts(), len(kept(acme))) == ([("succeeded", 1)], 2100)


def test_everything_that_meta_lists_of_a_template_is_kept(
    acme, acme_whatsapp, graph, fetch_templates
):
    more = {
        "status": "REJECTED",
        "category": "MARKETING",
        "rejected_reason": "SCAM",
        "parameter_format": "NAMED",
    }
    graph.templates[ACME_ACCOUNT] = [listed(**more, id=77)]
    fetch_templates(acme_whatsapp)

    found = template(acme)
    values = {
        word: getattr(found, word)
        for word in ("external_id", "language", "status", "category", "quality")
    }
    assert values == {
        "external_id": "77",
        "language": "en_US",
        "status": "rejected",
        "category": "marketing",
        "quality": "green",
    }
    assert (found.rejected_reason, found.parameter_format, found.components) == (
        "SCAM",
        "named",
        [BODY],
    )
    assert (found.kind, found.account_id, found.synced_at is not None) == (
        "whatsapp",
        ACME_ACCOUNT,
        True,
    )


def test_what_is_no_longer_listed_was_deleted_and_what_comes_back_is_back(
    acme, acme_whatsapp, graph, fetch_templates
):
    graph.templates[ACME_ACCOUNT] = [listed("order_ready"), listed("promo")]
    fetch_templates(acme_whatsapp)
    graph.templates[ACME_ACCOUNT] = [listed("promo", status="PAUSED")]
    fetch_templates(acme_whatsapp)
    assert kept(acme) == {"order_ready": "deleted", "promo": "paused"}

    graph.templates[ACME_ACCOUNT] = [listed("order_ready")]
    fetch_templates(acme_whatsapp)
    assert kept(acme) == {"order_ready": "approved", "promo": "deleted"}


def test_what_is_told_later_than_it_was_asked_for_stands(
    acme, acme_whatsapp, tells, graph, fetch_templates
):
    graph.templates[ACME_ACCOUNT] = [listed("told"), listed("listed")]
    tells(
        status("PAUSED", name="told", at=time.time() + 60),
        status("PAUSED", name="listed", at=time.time() - 60),
        status("APPROVED", name="new", at=time.time() + 60),
        status("APPROVED", name="gone", at=time.time() - 60),
        told(
            "message_template_quality_update",
            name="rated",
            at=time.time() + 60,
            new_quality_score="RED",
        ),
    )
    fetch_templates(acme_whatsapp)

    assert kept(acme) == {
        "told": "paused",
        "listed": "approved",
        "new": "approved",
        "gone": "deleted",
        "rated": "",
    }


def test_what_happens_in_the_second_in_which_they_are_fetched_is_not_lost(
    acme, acme_whatsapp, tells, graph, fetch_templates
):
    """Meta tells whole seconds: the moment it tells may lie before the one in which we asked."""
    graph.templates[ACME_ACCOUNT] = [listed()]
    began = time.time()
    fetch_templates(acme_whatsapp)
    tells(status("PAUSED", at=began))

    assert kept(acme) == {"order_ready": "paused"}


def test_fetched_twice_is_the_same(acme, acme_whatsapp, graph, fetch_templates, attempts):
    graph.templates[ACME_ACCOUNT] = [listed()]
    fetch_templates(acme_whatsapp, acme_whatsapp)
    assert (attempts(), kept(acme)) == ([("succeeded", 1)] * 2, {"order_ready": "approved"})

    first = template(acme)
    fetch_templates(acme_whatsapp)
    again = template(acme)
    assert (again.changed_at, again.components, again.id) == (
        first.changed_at,
        first.components,
        first.id,
    )
    assert again.synced_at > first.synced_at


@pytest.mark.parametrize(
    "breaks",
    [
        {"http": 502},
        {"code": 190, "http": 401},
        {"then": "close"},
        {"page": {"data": [listed("new"), "promo"]}},
        {"page": {}},
    ],
    ids=["a fault", "a refusal", "no answer", "something else in the list", "no list"],
)
def test_pages_that_break_off_in_the_midst_change_nothing(
    acme, acme_whatsapp, graph, fetch_templates, breaks
):
    graph.templates[ACME_ACCOUNT] = [listed("order_ready"), listed("promo", status="PAUSED")]
    fetch_templates(acme_whatsapp)
    before = everything(acme)

    graph.templates[ACME_ACCOUNT] = [listed(f"t{number}") for number in range(250)]
    graph.template_script.extend([{}, breaks])
    fetch_templates(acme_whatsapp)
    assert (everything(acme), len(before), len(graph.template_questions)) == (before, 2, 3)


def test_what_cannot_be_stored_is_left_out_and_costs_no_other(
    acme, acme_whatsapp, graph, fetch_templates, attempts
):
    strange = [
        listed("nul\x00"),
        listed("n" * 600),
        listed("no_language", language=""),
        listed("endless", components=[{"type": "BODY", "text": float("inf")}]),
        {**listed("no_id"), "id": None},
    ]
    odd = listed(
        "odd",
        status=["APPROVED"],
        category=None,
        quality_score="GREEN",
        components="none",
        parameter_format=1,
    )
    graph.templates[ACME_ACCOUNT] = [
        listed("first"),
        *strange,
        odd,
        listed("last", components=[{"type": "B", "text": "a\x00"}]),
    ]
    fetch_templates(acme_whatsapp)

    assert (attempts(), kept(acme)) == (
        [("succeeded", 1)],
        {"first": "approved", "last": "approved", "odd": ""},
    )
    assert template(acme, "last").components == [{"type": "B", "text": "a\ufffd"}]


def test_two_tenants_of_one_account_each_keep_their_own(
    acme, acme_whatsapp, graph, fetch_templates
):
    initech = create_tenant("initech", "Initech")
    shared = connect(initech, SECOND_NUMBER, ACME_ACCOUNT, "token-of-initech")
    graph.templates[ACME_ACCOUNT] = [listed("order_ready"), listed("promo")]
    fetch_templates(acme_whatsapp, shared)
    graph.templates[ACME_ACCOUNT] = [listed("order_ready")]
    fetch_templates(shared)

    assert kept(acme) == {"order_ready": "approved", "promo": "approved"}
    assert kept(initech) == {"order_ready": "approved", "promo": "deleted"}
    with operator_scope():
        assert MessageTemplate.objects.count() == 4
    with tenant_scope(initech.id):
        assert MessageTemplate.objects.count() == 2
