"""The page of a delivery: its bytes as a person reads them, what was recorded of it, what was set
aside and why, and the order to process it again.
"""

import json
import re
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from channels_app.models import ChannelEvent
from messaging.admin.deliveries import body as viewer
from messaging.models import DeadLetter, Message, WebhookDelivery
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import confirm, press, said, sign_in
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, REPLY
from tests.support.outcomes import dead_letters
from tests.support.poison import POISON
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

PAGE, ITEMS = "messaging/webhookdelivery", "messaging/deadletter"
CURE = "DROP FUNCTION messaging.refuse_poison() CASCADE"
WHOSE = "Acme, +15550100001"
SHOWN = f"+{ADA} Ada: Received, Is it in stock? ❤️"
CODE = (
    "The code is the database's: look in the worker's log for the delivery's id. Process this again"
    " once the fault is mended."
)


def only() -> WebhookDelivery:
    with operator_scope():
        return WebhookDelivery.objects.get()


def page_of(root: Client, delivery: WebhookDelivery) -> str:
    answer = root.get(f"/admin/{PAGE}/{delivery.id}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def shown(page: str) -> str:
    return unescape(re.search(r'<pre dir="auto"[^>]*>(.*?)</pre>', page, re.DOTALL)[1])


def lines(page: str) -> list[list[str]]:
    """The cells of each recorded item."""
    table = page.split('<table class="recorded">')[1].split("</table>")[0]
    rows = re.findall(r"<tr>(<td>.*?)</tr>", table, re.DOTALL)
    return [
        [" ".join(unescape(re.sub("<[^>]+>", "", cell)).split()) for cell in row.split("</td>")[:4]]
        for row in rows
    ]


def test_a_delivery_is_shown_indented_with_the_rows_that_it_became(
    root, acme_whatsapp, deliver, work, graph
):
    told = {"event": "APPROVED", "message_template_name": "hello", "message_template_id": 1}
    told |= {"message_template_language": "en"}
    said_by_ada = bodies.value(ACME_NUMBER, messages=(bodies.text("Is it in stock? ❤️"),))
    deliver(
        bodies.webhook(
            bodies.entry(ACME_ACCOUNT, said_by_ada),
            bodies.change(ACME_ACCOUNT, "message_template_status_update", told),
        )
    )
    work()
    page = page_of(root, only())
    with operator_scope():
        message, event = Message.objects.get(direction="inbound"), ChannelEvent.objects.get()

    assert lines(page) == [
        ["1", "Message of a contact, text", WHOSE, SHOWN],
        ["2", "Update of an account or channel: message_template_status_update", "", event.summary],
    ]
    assert re.findall(r'<td><a href="([^"]+)">', page) == [
        f"/admin/messaging/message/{message.id}/change/",
        f"/admin/channels/channelevent/{event.id}/change/",
    ]
    assert json.loads(shown(page)) == json.loads(bytes(only().body))
    assert '\n  "entry": [\n    {\n      "id": "300000000000001",\n' in shown(page)
    assert "Is it in stock? ❤️" in shown(page)
    assert "Nothing was set aside." in page


def test_a_status_links_to_the_message_that_it_is_of(
    root, acme_whatsapp, write, report, work, graph
):
    write()
    work()
    report(bodies.status(graph.ledger[0]["wamid"], "read"), bodies.status("wamid.nobody", "sent"))
    with operator_scope():
        newest = WebhookDelivery.objects.latest("id")
    before = lines(page_of(root, newest))
    work()

    assert [line[1:] for line in before] == [
        ["Status: read", WHOSE, "Not recorded yet."],
        ["Status: sent", WHOSE, "Not recorded yet."],
    ]
    assert [line[3] for line in lines(page_of(root, newest))] == [
        f"+{ADA} Ada: Read, {REPLY}",
        "Recorded. Its message is not known here.",
    ]


@pytest.fixture
def poisoned(acme_whatsapp, write, work, graph, db_rows):
    """A delivery with an item that the database refuses, and has no more reason to."""
    db_rows.execute(POISON)
    write("good", "poison")
    work()
    db_rows.execute(CURE)
    assert dead_letters(db_rows) == [("rejected", "It could not be recorded (22000).")]
    return only()


def test_what_was_set_aside_says_why_and_is_processed_again_from_the_page_once(
    web, poisoned, work, db_rows
):
    staff = sign_in(web, is_staff=True, is_superuser=True)
    address = f"{web}/admin/{PAGE}/{poisoned.id}/change/"
    page = staff.get(address, timeout=10).text
    aside = page.split('<ol class="set-aside">')[1].split("</ol>")[0]
    form = page.split('id="item-order">')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input [^>]*name="([^"]+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'form="item-order" name="(\w+)" value="([^"]+)"', aside))
    listing = f"{web}/admin/{ITEMS}/"
    question = staff.post(listing, data=fields, headers={"Referer": address}, timeout=10)
    answer = confirm(staff, question)
    second = confirm(staff, question)
    work()

    assert " ".join(unescape(re.sub("<[^>]+>", " ", aside)).split()) == (
        f"Rejected Item 2: It could not be recorded (22000). {CODE} Process this item again Open"
        " the item"
    )
    assert said(answer) == ["1 of 1 items is processed again."]
    assert said(second) == [
        "0 of 1 items are processed again. The rest was processed again before."
    ]
    assert (answer.url, second.url) == (address, address)
    assert dead_letters(db_rows) == []
    with operator_scope():
        assert list(
            Message.objects.filter(direction="inbound").order_by("seq").values_list("text")
        ) == [("good",), ("poison",)]
    with auth_scope():
        kept = LogEntry.objects.values_list("content_type__model", "change_message")
        assert set(kept) == {
            (each, "Processed again.") for each in ("webhookdelivery", "deadletter")
        }


def test_an_item_is_processed_again_from_its_own_page(web, poisoned, work, db_rows):
    staff = sign_in(web, is_staff=True, is_superuser=True)
    with operator_scope():
        letter = DeadLetter.objects.get()
    answer = confirm(staff, press(staff, web, ITEMS, letter.id, "Process again, with its delivery"))

    assert said(answer) == ["1 of 1 items is processed again."]
    assert answer.url == f"{web}/admin/{PAGE}/{poisoned.id}/change/"


def test_what_waits_for_its_channel_says_which_number_to_connect(root, deliver, work, graph):
    value = bodies.value("499", messages=(bodies.text("to nobody"),))
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))
    work()
    page = page_of(root, only())

    assert "Connect the number 499 under a tenant." in page
    assert lines(page) == [["1", "Message of a contact, text", "499", "Set aside: see above."]]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b'{"a":1,"a":[]}', '{\n  "a": 1,\n  "a": []\n}\n', id="a name twice"),
        pytest.param(b"[1e999,10000000000000000000000001.10]", None, id="huge numbers"),
        pytest.param(b"[" + b"9" * 5000 + b"]", f"[\n  {'9' * 5000}\n]\n", id="a number of 5,000"),
        pytest.param(b'["\\ud800 \\u0000","\\u202Eevil"]', None, id="lone surrogate, NUL, bidi"),
        pytest.param(b'"\xff\x00"', '"\\xff\\u0000"\n', id="no UTF-8"),
        pytest.param(b'{"a": [}, "b" "c', '{\n  "a": [\n  },\n  "b" "c\n', id="no JSON"),
        pytest.param("\u202e[\u2028".encode(), "\\u202e [\n  \\u2028\n", id="what is not seen"),
        pytest.param(b"", "\n", id="nothing"),
    ],
)
def test_any_bytes_are_shown(body, text):
    found, has_more = viewer.indented(body)

    assert (found if text else "", has_more) == (text or "", False)
    assert [each for each in found if not (each.isprintable() or each == "\n")] == []


HOSTILE = [
    b"[" * 400_000,
    b'{"a":' * 100_000,
    b'"' + b'\\"' * 200_000,
    b'"\\' * 200_000,
    b" " * 400_000,
    b"[" + b",".join([b'{"a": "b"}'] * 300_000) + b"]",
    b'["' + "ö".encode() * 1_500_000 + b'"]',
    b"]" * 3_000_000,
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_large_and_deep_bytes_are_cut_and_cost_little(body):
    found, has_more = viewer.indented(body)

    assert (len(found) <= viewer.SHOWN, has_more) == (True, body.strip() != b"")


def test_the_page_of_a_hostile_delivery_opens_and_the_download_is_exact(root, deliver, work, graph):
    body = b'{"a": "</pre><script>alert(1)</script>' + b"\x00\xff" + b"[" * 300_000
    WebhookDelivery.store("whatsapp", body)
    page = page_of(root, only())
    answer = root.get(f"/admin/{PAGE}/{only().id}/body/")

    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True)
    assert "Only the beginning is shown. The download has all of it." in page
    assert answer.content == body
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options")} == {
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
    }
    assert answer["Content-Disposition"] == f'attachment; filename="delivery-{only().id}.json"'


def test_who_may_not_see_deliveries_downloads_none(db_rows):
    WebhookDelivery.store("whatsapp", b"{}")
    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_user("mallory", is_staff=True))
    address = f"/admin/{PAGE}/{only().id}"

    assert [client.get(f"{address}/{each}/").status_code for each in ("body", "change")] == [
        403,
        403,
    ]


def test_a_larger_delivery_asks_the_database_no_more_often(root, acme_whatsapp, write, work, graph):
    asked: list[int] = []
    for number in (1, 3, 300):
        write(*["Hello"] * number)
        work()
        with operator_scope():
            newest = WebhookDelivery.objects.latest("id")
        root.get("/admin/")  # the session notes once a minute that it is used
        with CaptureQueriesContext(connection) as queries:
            page = page_of(root, newest)
        asked.append(len(queries))

    assert asked[0] == asked[1] == asked[2]
    assert (len(lines(page)), "It holds more items, which are not listed." in page) == (100, True)


def test_the_list_says_what_became_of_each_and_finds_what_was_set_aside(
    root, poisoned, write, work
):
    write("another")
    pages = [
        root.get(f"/admin/{PAGE}/", query).content.decode()
        for query in ({}, {"state": "aside"}, {"state": "waits"}, {"kind": "whatsapp"})
    ]
    states = [re.findall(r'badge badge-(\w+)">([\w ]+)<', page) for page in pages]

    waits, aside = ("waits", "Waits"), ("bad", "Recorded in part")
    assert states == [[waits, aside], [aside], [waits], [waits, aside]]
    assert re.findall(r'field-aside"[^>]*>(.*?)<', pages[1]) == ["1 rejected"]
