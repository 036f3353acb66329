"""The back-office's lists and pages of messages: found as people type, with whom, what failed and
what to do about it.
"""

import re
from html import unescape
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_app.models import Channel
from messaging.admin import people
from messaging.models import Contact, ContactIdentity, Conversation, Message
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support import many_people
from tests.support.back_office import sign_in
from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE, REPLY

pytestmark = pytest.mark.whatsapp

LISTS = ["contact", "conversation", "message"]
NUMBER = "46701234567"
TYPED = [
    "46701234567",
    "+46 70 123 45 67",
    "0046-70-123 45 67",
    "070-123 45 67",
    "4670123",
    "+46 701",
    "34567",
    "123 45 67",
]


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def cells(web, staff):
    """The words of each row of a list, by column."""

    def cells(page: str, **query: str) -> list[dict[str, str]]:
        shown = staff.get(f"{web}/admin/{page}/", params=query, timeout=10)
        assert shown.status_code == 200
        body = re.search(r"<tbody>(.*?)</tbody>", shown.text, re.DOTALL)
        rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
        return [
            {
                name: " ".join(unescape(re.sub(r"<[^>]+>", "", words)).split())
                for name, words in re.findall(
                    r'<t[dh] class="field-(\w+)[^"]*"[^>]*>(.*?)</t[dh]>', row, re.DOTALL
                )
            }
            for row in rows
        ]

    return cells


@pytest.fixture
def people_of_acme(acme, acme_whatsapp, globex_whatsapp, write, work, graph):
    """Ada, whom the business saved as Dr. Lovelace, and Grace write to Acme, Ada to Globex as
    well.
    """
    write("Is it in stock?", sender=NUMBER, wamid="wamid.first")
    write("Hello", sender=GRACE)
    write("Hi", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    with operator_scope():
        ada = Contact.objects.filter(identities__value=NUMBER)
        ada.update(name="Ada Lovelace", saved_name="Dr. Lovelace", username="ada.l")
        Contact.objects.filter(identities__value=GRACE).update(name="Grace")


@pytest.mark.parametrize("typed", TYPED)
def test_a_person_is_found_by_their_number_however_it_is_typed(people_of_acme, cells, typed):
    found = [cells(f"messaging/{page}", q=typed) for page in LISTS]

    assert [{row["who"] for row in rows} for rows in found] == [{f"+{NUMBER} Dr. Lovelace"}] * 3
    assert [len(rows) for rows in found] == [1, 1, 2]


@pytest.mark.parametrize("typed", ["ada love", "ADA LOVELACE", "dr.", "Ada.L", " Dr. Lovelace "])
def test_a_person_is_found_by_the_beginning_of_each_name(people_of_acme, cells, typed):
    found = [cells(f"messaging/{page}", q=typed) for page in LISTS[:2]]
    assert [[row["who"] for row in rows] for rows in found if rows] == [
        [f"+{NUMBER} Dr. Lovelace"]
    ] * 2


@pytest.mark.parametrize(
    "typed", ["lovelace ada", "%", "_", "a%", "+", "999999", "nobody", "'; --", "\\"]
)
def test_what_nobody_is_called_finds_nobody(people_of_acme, cells, typed):
    assert [cells(f"messaging/{page}", q=typed) for page in LISTS] == [[], [], []]


def test_a_message_is_found_by_the_providers_id_and_ours(people_of_acme, cells):
    with operator_scope():
        id = Message.objects.get(external_id="wamid.first").id

    assert [
        [row["beginning"] for row in cells("messaging/message", q=term)]
        for term in ("wamid.first", str(id))
    ] == [["Is it in stock?"]] * 2


def test_contacts_and_conversations_are_found_by_our_ids(people_of_acme, cells):
    with operator_scope():
        conversation = Conversation.objects.get(contact__name="Grace")
    found = [
        cells("messaging/contact", q=str(conversation.contact_id)),
        cells("messaging/conversation", q=str(conversation.id)),
    ]
    assert [[row["who"] for row in rows] for rows in found] == [[f"+{GRACE} Grace"]] * 2


def test_a_tenants_rows_are_found_by_its_slug(people_of_acme, cells):
    assert [
        {row["tenant"] for row in cells(f"messaging/{page}", q="globex")} for page in LISTS
    ] == [{"Globex"}] * 3


def test_a_person_without_a_number_is_shown_by_their_other_id(
    acme, acme_whatsapp, write, work, graph, cells
):
    write(sender="SE.1001")
    work()
    with operator_scope():
        Contact.objects.update(name="")

    assert cells("messaging/message", q="SE.1001")[0]["who"] == "SE.1001"


def test_a_search_that_means_too_many_says_so(people_of_acme, web, staff, monkeypatch):
    monkeypatch.setattr(people, "MOST_PEOPLE", 1)
    with operator_scope():
        Contact.objects.update(name="Ada")
    shown = staff.get(f"{web}/admin/messaging/conversation/", params={"q": "ada"}, timeout=10).text

    assert (
        shown.count("people match, and not all are shown. Type more of the number or of the name.")
        == 1
    )


def test_lists_put_what_failed_first(acme, acme_whatsapp, write, work, graph, cells):
    graph.script.append({"code": 131026})
    write("Is it in stock?", sender=NUMBER)
    work()
    outbound, inbound = cells("messaging/message")

    assert list(outbound) == [
        *("who", "short_error", "state", "beginning", "created", "way", "channel_shown", "tenant"),
        "kind",
    ]
    assert (outbound["state"], outbound["way"], outbound["beginning"]) == ("Failed", "out", REPLY)
    assert outbound["short_error"] == "It cannot be delivered: the person has no WhatsApp, an old …"
    assert (inbound["state"], inbound["way"], inbound["short_error"]) == ("Received", "in", "-")


@pytest.mark.parametrize("status", ["failed", "expired", "cancelled"])
def test_what_never_arrived_is_never_in_the_colour_of_what_did(people_of_acme, web, staff, status):
    with operator_scope():
        Message.objects.filter(direction="outbound").update(status=status)
    listing = staff.get(f"{web}/admin/messaging/message/", timeout=10).text

    assert set(re.findall(r'badge badge-(\w+)">(\w+)<', listing)) == {
        ("bad", status.capitalize()),
        ("plain", "Received"),
    }


def test_channels_and_conversations_show_the_number(people_of_acme, cells, acme_whatsapp):
    with operator_scope():
        Channel.objects.filter(id=acme_whatsapp.id).update(phone_number="46700000001", name="Shop")

    assert [row["channel"] for row in cells("channels/channel", q="acme")] == ["+46700000001 Shop"]
    assert {row["channel_shown"] for row in cells("messaging/conversation", q="acme")} == {
        "+46700000001 Shop"
    }


def page_of(web, staff, message: Message) -> dict[str, str]:
    shown = staff.get(f"{web}/admin/messaging/message/{message.id}/change/", timeout=10).text
    fields = re.findall(
        r'form-row field-(\w+)">.*?<div class="readonly">(.*?)</div>', shown, re.DOTALL
    )
    return {name: " ".join(unescape(words).split()) for name, words in fields}


def test_a_messages_page_says_why_it_was_not_answered_and_what_to_do_next(
    acme, acme_whatsapp, write, work, web, staff, cells
):
    with operator_scope():
        Tenant.objects.update(auto_reply="")
    write()
    work()
    with operator_scope():
        message = Message.objects.get()
    page = page_of(web, staff, message)

    assert (page["not_answered_because"], page["next_step"]) == (
        "No automatic reply was set.",
        "Set a reply: manage.py set_auto_reply --tenant acme TEXT",
    )
    link = re.fullmatch(r'<a href="(.*?)">(.*)</a>', page["conversation_link"])
    assert (link[1], re.sub("<[^>]*>", "", link[2])) == (
        f"/admin/messaging/conversation/{message.conversation_id}/change/"
        f"?at={message.id}#m-{message.id}",
        "Ada, +15550100001",
    )


def test_a_message_that_needs_nothing_says_nothing_to_do(people_of_acme, web, staff):
    with operator_scope():
        Message.objects.filter(direction="outbound").update(status="read")
        reply = Message.objects.filter(direction="outbound").first()
    page = page_of(web, staff, reply)

    assert (page["not_answered_because"], page["next_step"]) == ("-", "-")


def test_messages_are_filtered_by_whether_they_were_answered_and_why_not(
    people_of_acme, acme, write, work, cells
):
    with operator_scope():
        Tenant.objects.update(auto_reply="")
    write("Nobody answers this")
    work()
    reasons = ("yes", "no_text", "blocked")
    found = {
        word: [row["beginning"] for row in cells("messaging/message", unanswered=word)]
        for word in reasons
    }

    assert found == {
        "yes": ["Nobody answers this"],
        "no_text": ["Nobody answers this"],
        "blocked": [],
    }
    assert len(cells("messaging/message", unanswered="nonsense")) == 7


@pytest.mark.parametrize("page", LISTS)
def test_a_longer_list_asks_the_database_no_more_often(people_of_acme, root, write, work, page):
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert root.get(f"/admin/messaging/{page}/").status_code == 200
        asked.append(len(queries))
        for number in range(5):
            write(sender=f"4671000000{number}")
        work()

    assert asked[0] == asked[1]


THEIR_MESSAGES = """
    INSERT INTO conversations
        (id, tenant_id, channel_id, contact_id, group_external_id, status, last_seq,
            last_message_at, created_at)
    SELECT gen_random_uuid(), tenant_id, '{channel}', id, '', 'open', 2, now(), now() FROM contacts;
    INSERT INTO messages
        (id, tenant_id, channel_id, conversation_id, direction, kind, text, status, external_id,
            recipient, seq, attempts,
         error_code, error, created_at)
    SELECT gen_random_uuid(), tenant_id, channel_id, id, 'inbound', 'text', 'Hello', 'received',
        'wamid.' || id, '', 1, 0,
         '', '', now() FROM conversations"""
LARGE = {"contacts", "contact_identities", "conversations", "messages"}


@pytest.fixture
def many(acme, acme_whatsapp, db_rows):
    """A hundred thousand people of Acme, with a conversation and a message each."""
    db_rows.execute("SET search_path = messaging; SET session_replication_role = replica")
    many_people.add(db_rows, acme.id, 100_000)
    db_rows.execute(THEIR_MESSAGES.format(channel=acme_whatsapp.id))
    db_rows.execute(f"ANALYZE {', '.join(sorted(LARGE))}")
    db_rows.execute("RESET search_path; RESET session_replication_role")


def read_whole(plan: object) -> set[str]:
    """The tables that a plan reads from one end to the other."""
    if isinstance(plan, list):
        return set().union(*map(read_whole, plan))
    if not isinstance(plan, dict):
        return set()
    own = {plan["Relation Name"]} if plan.get("Node Type") == "Seq Scan" else set()
    return own | read_whole(plan.get("Plans", [])) | read_whole(plan.get("Plan", []))


def plans(statements: list[str]) -> list[object]:
    found = []
    with operator_scope(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            found.append(cursor.fetchone()[0])
    return found


@pytest.mark.large
def test_among_a_hundred_thousand_people_a_search_reads_no_table_whole(many, root):
    with operator_scope():
        message, value = Message.objects.first(), ContactIdentity.objects.first().value
    terms = [
        f"+{value[:2]} {value[2:]}",
        value[-5:],
        "person 12345",
        message.external_id,
        str(message.id),
        "nobody",
        "%",
    ]
    for page, term in product(LISTS, terms):
        with CaptureQueriesContext(connection) as asked:
            assert root.get(f"/admin/messaging/{page}/", {"q": term}).status_code == 200
        statements = [each["sql"] for each in asked if each["sql"].startswith("SELECT ")]
        over_large = [
            each for each in statements if any(f'FROM "{table}"' in each for table in LARGE)
        ]

        assert (page, term, LARGE & read_whole(plans(over_large)), over_large != []) == (
            page,
            term,
            set(),
            True,
        )
