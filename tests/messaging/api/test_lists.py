"""Lists: their pages hold together while rows are added, and cost the same however many rows there
are.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging.models import Contact, ContactIdentity, Conversation, Message
from tenants.scope import operator_scope
from tests.support.api import faults_of, new_key

pytestmark = pytest.mark.whatsapp

LISTS = [
    "channels",
    "contacts",
    "conversations",
    "conversations?order=activity",
    "messages",
    "templates",
    "events",
    "webhook-endpoints",
]


@pytest.fixture
def people(acme, acme_whatsapp):
    """A function that makes so many contacts, each with a conversation and two messages."""

    def make(count: int) -> list[str]:
        with operator_scope():
            contacts = [Contact(tenant=acme, name=f"Person {n}") for n in range(count)]
            Contact.objects.bulk_create(contacts)
            ContactIdentity.objects.bulk_create(
                ContactIdentity(tenant=acme, contact=each, kind="wa_id", value=f"46{each.id.int}")
                for each in contacts
            )
            conversations = [
                Conversation(tenant=acme, channel=acme_whatsapp, contact=each) for each in contacts
            ]
            Conversation.objects.bulk_create(conversations)
            for seq in (1, 2):
                Message.objects.bulk_create(
                    Message(
                        tenant=acme,
                        channel=acme_whatsapp,
                        conversation=each,
                        direction="inbound",
                        status="received",
                        external_id=f"{each.id} {seq}",
                        quoted_external_id=f"{each.id} 1" if seq == 2 else "",
                        seq=seq,
                    )
                    for each in conversations
                )
        return [str(each.id) for each in contacts]

    return make


def test_pages_show_every_row_once_the_newest_first(acmes, people):
    made = people(7)

    items = acmes.items("contacts", limit=3)

    assert [item["id"] for item in items] == sorted(made, reverse=True)


def test_a_page_names_the_next_one_in_a_link_that_leads_there(acmes, people):
    people(3)

    page = acmes.get("contacts", limit=2)

    link = page.headers["Link"]
    address, _, relation = link.partition("; ")
    assert relation == 'rel="next"'
    following = acmes.get(address.strip("<>").partition("/api/v1/")[2])
    assert (len(following.json()["items"]), following.json()["next"]) == (1, None)
    assert "Link" not in following.headers


def test_rows_that_are_added_between_two_pages_move_nothing(acmes, people):
    made = people(4)
    first = acmes.get("contacts", limit=2).json()

    people(5)

    second = acmes.get("contacts", limit=2, after=first["next"]).json()
    assert [item["id"] for item in first["items"] + second["items"]] == sorted(made, reverse=True)


def test_rows_of_the_same_moment_are_shown_once_each(acmes, people):
    people(5)
    with operator_scope():
        at = Conversation.objects.first().last_message_at
        Conversation.objects.update(last_message_at=at)

    items = acmes.items("conversations", order="activity", limit=2)

    assert len({item["id"] for item in items}) == len(items) == 5


def test_the_messages_of_a_conversation_are_in_its_order(acmes, people):
    people(2)
    conversation = acmes.get("conversations").json()["items"][0]["id"]

    items = acmes.items("messages", conversation=conversation, limit=1)

    assert [item["external_id"] for item in items] == [f"{conversation} 2", f"{conversation} 1"]
    assert items[0]["reply_to"] == items[1]["id"]


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: ("messages", {"after": cursor}),
        lambda cursor: ("contacts", {"after": cursor, "address": "46"}),
        lambda cursor: ("contacts", {"after": cursor[:-1]}),
        lambda cursor: ("contacts", {"after": cursor + "x"}),
    ],
    ids=["of another list", "with other filters", "cut off", "with more"],
)
def test_a_cursor_is_good_for_its_list_alone(acmes, people, change):
    people(2)
    path, parameters = change(acmes.get("contacts", limit=1).json()["next"])

    refused = acmes.get(path, **parameters)

    assert (refused.status_code, [name for name, _ in faults_of(refused)]) == (400, ["after"])


def test_a_cursor_of_another_tenant_is_refused(acmes, globexs, people, globex):
    people(2)
    cursor = acmes.get("contacts", limit=1).json()["next"]

    assert globexs.get("contacts", after=cursor).status_code == 400


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_the_database_as_often_for_300_rows_as_for_1(path, acme, people, approve):
    headers = {"Authorization": f"Bearer {new_key(acme)}"}
    address = f"/api/v1/{path}{'&' if '?' in path else '?'}limit=100"
    counts = []
    for more in (1, 29, 270):
        people(more)
        for number in range(more if path == "templates" else 0):
            approve(f"template {len(counts)} {number}")
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address, headers=headers).status_code == 200
        counts.append(len(asked))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 8
