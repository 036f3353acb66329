"""What staff read of messages that are more than words: places, cards, choices, templates; and that
nothing of what a stranger put into them is followed or run.
"""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from channels_app.content import (
    Button,
    Buttons,
    ListMenu,
    Row,
    Section,
    Template,
    TemplateBody,
    TextValue,
)
from messaging.models import Message
from tenants.scope import auth_scope, operator_scope
from tests.support import threads

pytestmark = pytest.mark.whatsapp

NOT_ANSWERED = {
    "Not answered: No automatic reply was set.",
    "Set a reply: manage.py set_auto_reply --tenant acme TEXT",
}
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def staff(db_rows) -> Client:
    with auth_scope():
        user = get_user_model().objects.create_superuser("grace", password="correct horse")
    client = Client()
    with auth_scope():
        client.force_login(user)
    return client


@pytest.fixture
def page(staff):
    def page(conversation_id: UUID, query: str = "") -> str:
        address = f"/admin/messaging/conversation/{conversation_id}/change/{query}"
        return staff.get(address).content.decode()

    return page


@pytest.fixture
def last(page, ada):
    """The lines of the newest bubble, without that nobody answered it."""

    def last() -> list[str]:
        return [line for line in threads.read(page(ada)).found[-1] if line not in NOT_ANSWERED]

    return last


def links_in(page: str) -> list[str]:
    shown = page.partition('<ol class="thread">')[2].partition("</ol>")[0]
    return [unescape(each) for each in re.findall(r'(?:href|src)="([^"]*)"', shown)]


PLACES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    (
        {"latitude": 52.52, "longitude": 13.4, "name": "Tea House", "address": "1 Leaf Lane"},
        ["Location: Tea House 1 Leaf Lane 52.52, 13.4"],
        ["https://www.openstreetmap.org/?mlat=52.520000&mlon=13.400000#map=16/52.520000/13.400000"],
    ),
    ({"latitude": 91, "longitude": 13.4, "name": "Nowhere"}, ["Location: Nowhere"], []),
    ({"latitude": 52.52, "longitude": "javascript:alert(1)", "name": "x"}, ["Location: x"], []),
    (
        {"latitude": 1e308, "longitude": -1e308, "address": SCRIPT, "url": "javascript:alert(1)"},
        [f"Location: {SCRIPT}"],
        [],
    ),
    ({"latitude": True, "longitude": [1]}, ["Location"], []),
]


@pytest.mark.parametrize(("place", "lines", "links"), PLACES, ids=range(len(PLACES)))
def test_a_place_is_a_link_to_the_map_where_it_is_one_and_words_alone_where_not(
    ada, write, work, page, last, place, lines, links
):
    write("", type="location", location=place)
    work()

    assert last() == lines
    outward = [each for each in links_in(page(ada)) if not each.startswith("/admin/")]
    assert outward == links


def test_a_card_shows_its_names_and_numbers_and_nothing_of_it_is_followed(
    ada, write, work, page, last
):
    card = {
        "name": {"formatted_name": f"Grace {SCRIPT}"},
        "org": {"company": "Globex"},
        "phones": [{"phone": "+46 70 111 11 11", "type": "WORK"}, {"phone": SCRIPT}, 7],
        "emails": [{"email": "grace@globex.example"}],
        "urls": [{"url": "javascript:alert(1)"}],
    }
    write("", type="contacts", contacts=[card, {"name": "no object"}])
    work()

    assert last() == [
        f"Contact: Grace {SCRIPT} Globex",
        "+46 70 111 11 11",
        SCRIPT,
        "grace@globex.example",
        "javascript:alert(1)",
        "Contact:",
    ]
    shown = page(ada)
    assert SCRIPT not in shown
    assert [each for each in links_in(shown) if not each.startswith("/admin/")] == []


def test_buttons_are_shown_as_they_were_and_the_one_that_was_pressed_says_so(
    ada, write, say, work, graph, page
):
    choices = (Button(id="yes", title="Yes"), Button(id="no", title="No"))
    say(Buttons(header="Tea", body="Shall we?", footer="Acme", buttons=choices), ada)
    work()
    with operator_scope():
        ours = Message.objects.get(direction="outbound").external_id
    answer = {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}}
    write("", type="interactive", interactive=answer, context={"id": ours})
    work()

    asked, answered = threads.read(page(ada)).found[1:]
    assert asked[:5] == ["Tea", "Shall we?", "Acme", "Yes (pressed)", "No"]
    assert answered[:2] == ["Shall we?", "Chose: Yes"]


def test_a_list_is_shown_with_its_sections_and_the_row_that_was_chosen(
    ada, write, say, work, graph, page
):
    green = Row(id="green", title="Green", description="From Kyoto")
    sections = (Section(title="Tea", rows=(green, Row(id="black", title="Black"))),)
    say(ListMenu(body="Which one?", button="Choose", sections=sections), ada)
    work()
    with operator_scope():
        ours = Message.objects.get(direction="outbound").external_id
    chosen = {"id": "green", "title": "Green", "description": "From Kyoto"}
    answer = {"type": "list_reply", "list_reply": chosen}
    write("", type="interactive", interactive=answer, context={"id": ours})
    work()

    asked, answered = threads.read(page(ada)).found[1:]
    assert asked[:5] == ["Which one?", "Choose", "Tea", "Green From Kyoto (chosen)", "Black"]
    assert answered[:2] == ["Which one?", "Chose: Green From Kyoto"]


def test_a_template_is_shown_with_its_own_words_around_what_was_sent(
    ada, say, work, graph, approve, last
):
    quick = {"type": "QUICK_REPLY", "text": "Track it"}
    approve(
        "order_ready",
        {"type": "HEADER", "format": "TEXT", "text": "Order"},
        {"type": "BODY", "text": "Hello {{1}}, your {{2}} is ready."},
        {"type": "FOOTER", "text": "Acme"},
        {"type": "BUTTONS", "buttons": [quick]},
    )
    values = (TextValue(text="Ada"), TextValue(text=SCRIPT))
    say(Template(name="order_ready", language="en", components=(TemplateBody(values=values),)), ada)

    assert last()[:5] == [
        "Template order_ready",
        "Order",
        f"Hello Ada, your {SCRIPT} is ready.",
        "Acme",
        "Track it",
    ]


def test_a_template_whose_words_are_not_known_shows_what_was_sent_and_where_to_fetch_them(
    ada, say, work, graph, approve, last, db_rows
):
    approve("order_ready", {"type": "BODY", "text": "Hello {{1}}"})
    body = TemplateBody(values=(TextValue(text="Ada"),))
    say(Template(name="order_ready", language="en", components=(body,)), ada)
    db_rows.execute("UPDATE messaging.message_templates SET components = '[]'")

    assert last()[:3] == [
        "Template order_ready",
        "The template's own words are not known here: fetch the account's templates on the"
        " channel's page.",
        "Ada",
    ]


def test_a_page_has_a_line_for_each_day_and_each_message_its_moment(ada, write, work, page):
    write("Another")
    work()
    with operator_scope():
        first, second = Message.objects.order_by("seq")
        Message.objects.filter(id=first.id).update(created_at="2026-03-01T09:05:00Z")
        Message.objects.filter(id=second.id).update(created_at="2026-03-02T23:59:00Z")
    shown = page(ada)

    assert threads.read(shown).days == ["Sunday, 1 March 2026", "Monday, 2 March 2026"]
    moments = re.findall(r'<time datetime="([^"]+T[^"]+)">(.*?)</time>', shown)
    assert moments == [
        ("2026-03-01T09:05:00+00:00", "09:05"),
        ("2026-03-02T23:59:00+00:00", "23:59"),
    ]


def test_the_page_is_named_by_its_two_sides_and_no_id_stands_in_its_title(
    ada, page, staff, db_rows
):
    db_rows.execute("UPDATE messaging.channels SET name = 'Acme main number'")
    with operator_scope():
        message = Message.objects.get()
    shown = page(ada)
    of_message = staff.get(f"/admin/messaging/message/{message.id}/change/").content.decode()

    name = "<bdi>Ada</bdi>, <bdi>Acme main number</bdi>"
    assert re.findall(r"<title>\s*(.*?) \|", shown) == [
        "\u2068Ada\u2069, \u2068Acme main number\u2069"
    ]
    assert re.findall(r"<h1>(.*?)</h1>", shown) == [name]
    assert shown.split('class="breadcrumbs"')[1].split("</div>")[0].split("&rsaquo;")[
        -1
    ].strip() == (name)
    assert re.findall(r"<h1>(.*?)</h1>", of_message) == [f"Message: {name}"]
    link = f'<a href="/admin/messaging/conversation/{ada}/change/?at={message.id}#m-{message.id}">'
    assert f"{link}{name}</a>" in of_message


def test_send_again_in_a_bubble_asks_first_and_is_offered_only_where_it_can_be_ordered(
    ada, say, work, graph, page, staff
):
    graph.script.append({"code": 131026})
    say("Hi Ada", ada)
    say("How are you?", ada)
    work()
    with operator_scope():
        failed = Message.objects.get(status="failed")
    offered = re.findall(r'form="send-again" name="(\w+)" value="([^"]+)"', page(ada))
    form = page(ada).split('id="send-again"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(action|index)" value="([^"]*)"', form))
    asked = staff.post("/admin/messaging/message/", {**fields, **dict(offered)})
    before = Message.Status.FAILED
    staff.post("/admin/messaging/message/", {**fields, **dict(offered), "confirmed": "yes"})

    assert offered == [("_selected_action", str(failed.id))]
    assert "Send this message again?" in asked.content.decode()
    with operator_scope():
        after = Message.objects.get(id=failed.id).status
    assert (before, after) == ("failed", "queued")
