"""One person is one contact, whichever of their ids a message carries; two people are never made
one.
"""

from typing import Any

import pytest

from messaging.conversations.thread import thread
from messaging.models import Contact, ContactChange, ContactIdentity, Conversation
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp

W, W2, X, X2 = "4670000001", "4670000099", "SE.1001", "SE.2002"
OTHER_NUMBER = "400000000000003"


@pytest.fixture
def says(deliver, work):
    """One item of `messages`, taken through: says("Hello", sender=W, ...) or says(item)."""

    def says(
        what: Any,
        number: str = ACME_NUMBER,
        account: str = ACME_ACCOUNT,
        contacts: list | None = None,
        **more: Any,
    ) -> None:
        item = what if isinstance(what, dict) else bodies.text(what, **more)
        value = bodies.value(number, messages=(item,))
        if contacts is not None:
            value["contacts"] = contacts
        deliver(bodies.webhook(bodies.entry(account, value)))
        work()

    return says


def notice(kind: str, old: str, new: str, **more: Any) -> dict:
    """Meta's word that somebody's number or user id has changed."""
    key = "wa_id" if kind == "user_changed_number" else "user_id"
    item = bodies.text(sender=old)
    if kind == "user_changed_user_id":
        del item["from_user_id"]
    del item["text"]
    return {
        **item,
        "type": "system",
        "system": {"type": kind, key: new, "body": f"User Ada changed from {old} to {new}"},
        **more,
    }


def update(old: str, new: str, **more: Any) -> bytes:
    item = {"user_id": {"previous": old, "current": new}, "timestamp": "1790000000", **more}
    value = {**bodies.value(ACME_NUMBER), "user_id_update": [item]}
    return bodies.webhook(bodies.change(ACME_ACCOUNT, "user_id_update", value))


def contacts(tenant: Tenant) -> list[list[tuple[str, str, bool]]]:
    """Each standing contact's ids, (kind, value, is active), oldest contact first."""
    with operator_scope():
        rows = Contact.objects.filter(tenant=tenant, merged_into=None).order_by("id")
        return [sorted(each.identities.values_list("kind", "value", "is_active")) for each in rows]


def changes(tenant: Tenant) -> list[tuple[str, str, str, str]]:
    with operator_scope():
        return list(
            ContactChange.objects.filter(tenant=tenant)
            .order_by("id")
            .values_list("what", "kind", "old", "new")
        )


def threads(tenant: Tenant) -> list[list[str]]:
    """What people wrote, by standing conversation."""
    with operator_scope():
        rows = Conversation.objects.filter(tenant=tenant, merged_into=None).order_by("id")
        return [
            [each.text for each in thread(one, 50)[0] if each.message.direction == "inbound"]
            for one in rows
        ]


def test_who_changes_their_number_then_their_user_id_and_then_has_both_is_one_contact(
    acme, acme_whatsapp, says, graph, db_rows
):
    says("from my first number", sender=W)
    says(notice("user_changed_number", W, W2))
    says("from my second number, with a user id", sender=W2, from_user_id=X)
    says(notice("user_changed_user_id", X, X2))
    says("by my second user id alone", sender=X2)
    says("with both", sender=W2, from_user_id=X2)

    assert contacts(acme) == [
        [("bsuid", X, False), ("bsuid", X2, True), ("wa_id", W, False), ("wa_id", W2, True)]
    ]
    assert changes(acme) == [
        ("id_added", "wa_id", "", W2),
        ("id_replaced", "wa_id", W, W2),
        ("id_added", "bsuid", "", X),
        ("id_added", "bsuid", "", X2),
        ("id_replaced", "bsuid", X, X2),
    ]
    assert threads(acme) == [
        [
            "from my first number",
            f"User Ada changed from {W} to {W2}",
            "from my second number, with a user id",
            f"User Ada changed from {X} to {X2}",
            "by my second user id alone",
            "with both",
        ]
    ]
    assert [
        sent["message"].get("to") or sent["message"].get("recipient") for sent in graph.ledger
    ] == [W, W2, X2, W2]


def test_two_contacts_that_one_message_proves_to_be_one_are_merged(
    acme, acme_whatsapp, says, graph, db_rows
):
    says("by phone", sender=W)
    says("by user id", sender=X)
    assert len(contacts(acme)) == 2

    says("by both", sender=W, from_user_id=X)

    assert contacts(acme) == [[("bsuid", X, True), ("wa_id", W, True)]]
    assert threads(acme) == [["by phone", "by user id", "by both"]]
    assert changes(acme) == [("merged", "", "", "")]
    with operator_scope():
        kept, gone = Contact.objects.order_by("id")
        assert (gone.merged_into_id, kept.merged_into_id) == (kept.id, None)
        assert list(
            Conversation.objects.exclude(merged_into=None).values_list("contact_id", flat=True)
        ) == [gone.id]


def test_a_merge_moves_conversations_on_other_channels_whole(
    acme, acme_whatsapp, says, graph, db_rows
):
    connect(acme, OTHER_NUMBER, ACME_ACCOUNT, "token-of-acme-2")
    says("by phone", sender=W)
    says("by user id, elsewhere", sender=X, number=OTHER_NUMBER)
    says("by both", sender=W, from_user_id=X)

    assert (len(contacts(acme)), threads(acme)) == (
        1,
        [["by phone", "by both"], ["by user id, elsewhere"]],
    )


def test_a_number_that_comes_with_another_user_id_and_no_notice_is_put_to_the_operator(
    acme, acme_whatsapp, says, graph, db_rows
):
    says("I am Ada", sender=W, from_user_id=X)
    says("I have Ada's old number", sender=W, from_user_id=X2)
    says("and write again", sender=W, from_user_id=X2)

    assert contacts(acme) == [[("bsuid", X, True), ("wa_id", W, True)], [("bsuid", X2, True)]]
    assert threads(acme) == [["I am Ada"], ["I have Ada's old number", "and write again"]]
    assert changes(acme) == [("id_disputed", "wa_id", "", W)]
    assert [sent["message"]["to"] for sent in graph.ledger] == [W, W, W]
    with operator_scope():
        dispute = ContactChange.objects.get()
        adas, anothers = Contact.objects.order_by("id")
        assert (dispute.contact, dispute.other, dispute.is_open) == (anothers, adas, True)


def test_a_late_notice_settles_the_dispute(
    acme, acme_whatsapp, says, deliver, work, graph, db_rows
):
    says("I am Ada", sender=W, from_user_id=X)
    says("I am Ada still", sender=W, from_user_id=X2)
    deliver(update(X, X2, wa_id=W))
    work()

    assert contacts(acme) == [[("bsuid", X, False), ("bsuid", X2, True), ("wa_id", W, True)]]
    assert threads(acme) == [["I am Ada", "I am Ada still"]]
    with operator_scope():
        assert ContactChange.objects.filter(is_open=True).count() == 0


def test_a_number_that_was_given_up_goes_to_whoever_has_it_now(
    acme, acme_whatsapp, says, graph, db_rows
):
    says("I am Ada", sender=W, from_user_id=X)
    says(notice("user_changed_number", W, W2, from_user_id=X))
    says("I am Grace and have a new number", sender=W, from_user_id="SE.grace")

    assert contacts(acme) == [
        [("bsuid", X, True), ("wa_id", W2, True)],
        [("bsuid", "SE.grace", True), ("wa_id", W, True)],
    ]
    assert ("id_taken_over", "wa_id", "", W) in changes(acme)


def test_an_account_of_another_portfolio_knows_a_person_by_another_user_id(
    acme, acme_whatsapp, says, graph, db_rows
):
    connect(acme, OTHER_NUMBER, "300000000000009", "token-of-acme-2")
    says("to one", sender=W, from_user_id=X)
    says("to the other", sender=W, from_user_id=X2, number=OTHER_NUMBER, account="300000000000009")

    assert contacts(acme) == [[("bsuid", X, True), ("bsuid", X2, True), ("wa_id", W, True)]]


def test_a_parent_user_id_joins_the_user_ids_of_two_portfolios(
    acme, acme_whatsapp, says, graph, db_rows
):
    connect(acme, OTHER_NUMBER, "300000000000009", "token-of-acme-2")
    parent = "SE.ENT.1"
    says("to one", sender=X, from_parent_user_id=parent)
    says(
        "to the other",
        sender=X2,
        from_parent_user_id=parent,
        number=OTHER_NUMBER,
        account="300000000000009",
    )

    assert contacts(acme) == [
        [("bsuid", X, True), ("bsuid", X2, True), ("parent_bsuid", parent, True)]
    ]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        pytest.param(
            "contact_request",
            [[("bsuid", X, True), ("phone", W, True), ("wa_id", W, True)]],
            id="one's own, asked for",
        ),
        pytest.param("other", [[("wa_id", W, True)], [("bsuid", X, True)]], id="forwarded"),
    ],
)
def test_a_card_binds_a_number_only_to_who_shared_it_as_their_own(
    acme, acme_whatsapp, says, graph, db_rows, origin, expected
):
    says("by phone", sender=W)
    card = {"origin": origin, "phones": [{"phone": f"+{W}", "wa_id": W}]}
    says({**bodies.text(sender=X), "type": "contacts", "contacts": [card]})

    assert contacts(acme) == expected


def test_a_username_is_kept_with_its_history_and_finds_nobody(
    acme, acme_whatsapp, says, graph, db_rows
):
    def profile(user_id: str, username: str) -> list[dict]:
        return [{"profile": {"name": "Ada", "username": username}, "user_id": user_id}]

    says("Hello", sender=X, contacts=profile(X, "ada"))
    says("Hello", sender=X, contacts=profile(X, "countess"))
    says("I took her name", sender=X2, contacts=profile(X2, "ada"))

    assert len(contacts(acme)) == 2
    assert changes(acme) == [
        ("username", "", "", "ada"),
        ("username", "", "ada", "countess"),
        ("username", "", "", "ada"),
    ]


def test_what_one_tenant_learns_of_a_person_says_nothing_to_another(
    acme, globex, acme_whatsapp, globex_whatsapp, says, graph
):
    says("to Acme", sender=W, from_user_id=X)
    says("to Globex by phone", sender=W, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    says("to Globex by user id", sender=X, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)

    assert (len(contacts(acme)), len(contacts(globex))) == (1, 2)


def test_news_of_somebody_who_never_wrote_makes_no_contact(
    acme, acme_whatsapp, deliver, work, db_rows
):
    deliver(update(X, X2))
    work()

    assert contacts(acme) == []


def test_an_update_told_again_changes_nothing(
    acme, acme_whatsapp, says, deliver, work, graph, db_rows
):
    says("Hello", sender=X)
    for _ in range(2):
        deliver(update(X, X2))
        work()

    assert contacts(acme) == [[("bsuid", X, False), ("bsuid", X2, True)]]
    assert changes(acme) == [("id_added", "bsuid", "", X2), ("id_replaced", "bsuid", X, X2)]
    with operator_scope():
        assert ContactIdentity.objects.get(value=X2).account_id == ACME_ACCOUNT


def test_first_messages_by_each_id_and_by_both_in_one_webhook_are_one_contact(
    acme, acme_whatsapp, deliver, work, graph, db_rows
):
    items = (
        bodies.text("1", sender=W),
        bodies.text("2", sender=X),
        bodies.text("3", sender=W, from_user_id=X),
    )
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=items))))
    work()

    assert (len(contacts(acme)), threads(acme)) == (1, [["1", "2", "3"]])
