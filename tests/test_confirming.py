"""What cannot be undone asks first, runs over what was chosen alone, counts right, and stands in
the history of its rows.
"""

import re

import pytest
import requests
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from messaging.models import Contact, ContactChange, Message
from tenants.admin import PlatformAdmin
from tenants.models import Tenant
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import act, confirm, order, press, said, sign_in
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE

pytestmark = pytest.mark.whatsapp

MESSAGES = "messaging/message"
AGAIN = "Send again what failed, expired or is unknown (it may arrive twice)"
OTHERWISE = "Only a message of ours that failed, expired or is unknown can be."
REFUSED = [f"Nothing was changed. Choose rows of one page, at most {PlatformAdmin.list_per_page}."]


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def replies(acme_whatsapp, globex_whatsapp, write, work, graph):
    """Three replies of Acme and one of Globex, each of unknown outcome."""
    graph.script.extend([{"then": "close"}] * 4)
    for number in range(3):
        write(sender=f"4670000000{number}")
    write(number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()


def of_status(*statuses: str) -> list[str]:
    with operator_scope():
        return [
            str(id)
            for id in Message.objects.filter(status__in=statuses)
            .order_by("id")
            .values_list("id", flat=True)
        ]


def choose(
    session: requests.Session,
    web: str,
    page: str,
    action: str,
    ids: list[str],
    query: str = "",
    **more: str,
) -> requests.Response:
    """Choose an action for these rows of a list, as a browser does."""
    address = f"{web}/admin/{page}/{query}"
    token = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', session.get(address, timeout=10).text
    )[1]
    fields = {
        "csrfmiddlewaretoken": token,
        "action": action,
        "_selected_action": ids,
        "index": "0",
        **more,
    }
    return session.post(address, data=fields, headers={"Referer": address}, timeout=10)


def asked(page: requests.Response) -> tuple[str, str]:
    """(title, how many of whose) of a page that asks first."""
    title, counted = re.search(
        r"<h1>(.*?)</h1>.*?<strong><bdi>(.*?)</bdi>", page.text, re.DOTALL
    ).groups()
    return title, counted


def history(session: requests.Session, web: str, page: str, id: object) -> list[str]:
    """What the History page of a row says, by whom."""
    shown = session.get(f"{web}/admin/{page}/{id}/history/", timeout=10).text
    rows = re.findall(
        r'<th scope="row">.*?</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>', shown, re.DOTALL
    )
    return [f"{who.strip()}: {what.strip()}" for who, what in rows]


def test_sending_again_asks_first_and_says_how_many_of_whose(web, staff, replies, graph, work):
    before = len(graph.ledger)
    page = choose(staff, web, MESSAGES, "send_again", of_status("unknown"))
    work()

    assert asked(page) == ("Send these messages again?", "3 messages of Acme, 1 of Globex")
    assert "One that is unknown may arrive twice." in page.text
    assert (len(of_status("unknown")), len(graph.ledger)) == (4, before)


def test_what_is_confirmed_is_done_and_counted_whatever_the_list_shows_then(web, staff, replies):
    """The list is of unknown messages, which those that are sent again are no more."""
    ids = of_status("unknown")
    page = choose(staff, web, MESSAGES, "send_again", ids[:1], query="?status__exact=unknown")
    assert said(confirm(staff, page)) == ["1 of 1 messages is sent again."]

    page = choose(staff, web, MESSAGES, "send_again", ids[1:], query="?status__exact=unknown")
    assert said(confirm(staff, page)) == ["3 of 3 messages are sent again."]
    assert of_status("queued") == ids


def test_what_can_not_be_sent_again_is_counted_and_the_page_says_why(web, staff, replies):
    ids = [*of_status("unknown")[:2], of_status("received")[0]]
    assert said(confirm(staff, choose(staff, web, MESSAGES, "send_again", ids))) == [
        f"2 of 3 messages are sent again. {OTHERWISE}"
    ]


def test_what_was_settled_between_question_and_answer_stays_as_it_is(web, staff, replies):
    ids = of_status("unknown")[:2]
    page = choose(staff, web, MESSAGES, "send_again", ids)
    with operator_scope():
        Message.objects.filter(id=ids[0]).update(status="delivered")

    assert said(confirm(staff, page)) == [f"1 of 2 messages is sent again. {OTHERWISE}"]
    assert (of_status("delivered"), of_status("queued")) == (ids[:1], ids[1:])


def test_a_confirmation_twice_does_it_once(web, staff, replies):
    page = choose(staff, web, MESSAGES, "send_again", of_status("unknown")[:1])
    confirm(staff, page)

    assert said(confirm(staff, page)) == [f"0 of 1 messages are sent again. {OTHERWISE}"]


def test_whoever_does_not_confirm_goes_back_to_the_list_as_it_was(web, staff, replies):
    page = choose(
        staff, web, MESSAGES, "send_again", of_status("unknown"), query="?status__exact=unknown"
    )

    assert re.findall(
        r'<a href="([^"]*)" class="button cancel-link">No, take me back</a>', page.text
    ) == ["/admin/messaging/message/?status__exact=unknown"]


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}], ids=["asked", "confirmed"])
def test_nothing_runs_over_more_than_one_page_of_rows(web, staff, replies, confirmed):
    ids = of_status("unknown")
    across = choose(staff, web, MESSAGES, "send_again", ids, select_across="1", **confirmed)
    many = choose(staff, web, MESSAGES, "send_again", ids * 13, **confirmed)

    assert (said(across), said(many), of_status("unknown")) == (REFUSED, REFUSED, ids)


def test_no_list_offers_rows_of_other_pages(web, staff, replies, monkeypatch):
    monkeypatch.setattr(PlatformAdmin, "list_per_page", 2)
    shown = staff.get(f"{web}/admin/{MESSAGES}/", timeout=10).text

    assert re.findall(r'<span class="(action-counter|all|question)', shown) == ["action-counter"]


def test_a_confirmation_without_the_pages_token_does_nothing(web, staff, replies):
    ids = of_status("unknown")
    form = {"action": "send_again", "_selected_action": ids, "index": "0", "confirmed": "yes"}
    answer = staff.post(
        f"{web}/admin/{MESSAGES}/", data=form, headers={"Referer": f"{web}/admin/"}, timeout=10
    )

    assert (answer.status_code, of_status("unknown")) == (403, ids)


def test_who_may_only_look_is_not_asked_and_confirms_nothing(web, replies):
    session = sign_in(web, is_staff=True)
    with auth_scope():
        get_user_model().objects.get().user_permissions.set(
            Permission.objects.filter(codename="view_message")
        )
    ids = of_status("unknown")
    form = {"action": "send_again", "_selected_action": ids, "index": "0", "confirmed": "yes"}
    form["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    session.post(
        f"{web}/admin/{MESSAGES}/", data=form, headers={"Referer": f"{web}/admin/"}, timeout=10
    )

    assert of_status("unknown") == ids


def test_each_row_that_was_changed_keeps_who_changed_it_and_no_other_does(web, staff, replies):
    first, second, *_ = of_status("unknown")
    (received, *_) = of_status("received")
    confirm(staff, choose(staff, web, MESSAGES, "send_again", [first, received]))

    assert [history(staff, web, MESSAGES, id) for id in (first, second, received)] == [
        ["grace: Sent again."],
        [],
        [],
    ]


def test_the_log_names_rows_by_their_ids_alone(web, staff, acme_whatsapp, write, work, graph):
    """Who reads it may not see what tenants' rows hold."""
    write()
    work()
    order(staff, web, "messaging/contact", "block")
    with operator_scope():
        contact = Contact.objects.get()
    with auth_scope():
        assert list(LogEntry.objects.values_list("object_repr", "change_message")) == [
            (f"contact {contact.id}", "Blocked.")
        ]


def test_a_message_is_sent_again_from_its_own_page(web, staff, replies):
    (id, *_) = of_status("unknown")
    page = press(staff, web, MESSAGES, id, AGAIN)

    assert asked(page) == ("Send this message again?", "1 message of Acme")
    answer = confirm(staff, page)
    assert said(answer) == ["1 of 1 messages is sent again."]
    assert answer.url == f"{web}/admin/{MESSAGES}/{id}/change/"


@pytest.fixture
def dispute(acme, acme_whatsapp, write, work, graph):
    """Two contacts of Acme that may be one person."""
    write(sender=ADA)
    write(sender=GRACE)
    work()
    with operator_scope():
        one, other = Contact.objects.order_by("id")
        return ContactChange.objects.create(
            tenant=acme, contact=one, other=other, what=ContactChange.What.ID_DISPUTED, is_open=True
        )


@pytest.mark.parametrize(
    ("page", "action", "title", "counted", "done"),
    [
        (
            "messaging/contact",
            "block",
            "Block these contacts?",
            "2 contacts of Acme",
            "2 of 2 contacts are blocked.",
        ),
        (
            "messaging/contactchange",
            "join",
            "Join the two contacts of this dispute?",
            "1 dispute of Acme",
            "1 of 1 disputes is joined into one contact.",
        ),
        (
            "messaging/contactchange",
            "leave_apart",
            "Leave the two contacts of this dispute apart?",
            "1 dispute of Acme",
            "1 of 1 disputes is settled: two people.",
        ),
        (
            "messaging/conversation",
            "mark_read",
            "Mark these conversations as read?",
            "2 conversations of Acme",
            "2 of 2 conversations are marked as read.",
        ),
        (
            "messaging/webhookdelivery",
            "process_again",
            "Process these deliveries again?",
            "2 deliveries",
            "2 of 2 deliveries are processed again.",
        ),
        (
            "channels/channel",
            "disconnect",
            "Disconnect this channel?",
            "1 channel of Acme",
            "1 of 1 channels is disconnected.",
        ),
    ],
)
def test_every_action_that_cannot_be_undone_asks_first_and_keeps_an_entry(
    web, staff, dispute, db_rows, page, action, title, counted, done
):
    state = (
        "SELECT (SELECT jsonb_agg(c) FROM messaging.contacts c), (SELECT jsonb_agg(c) FROM"
        " messaging.contact_changes c), "
    )
    state += (
        "(SELECT jsonb_agg(c) FROM messaging.conversations c), (SELECT jsonb_agg(c) FROM"
        " messaging.channels c), "
    )
    state += "(SELECT count(processed_at) FROM messaging.webhook_deliveries)"
    before = db_rows.execute(state).fetchone()
    question = act(staff, web, page, action)
    assert (asked(question), db_rows.execute(state).fetchone() == before) == (
        (title, counted),
        True,
    )

    assert said(confirm(staff, question)) == [done]
    assert db_rows.execute(state).fetchone() != before
    ids = re.findall(r'name="_selected_action" value="([^"]+)"', question.text)
    assert [len(history(staff, web, page, id)) for id in ids] == [1] * len(ids)


def test_what_can_be_undone_is_done_at_once_and_kept_as_well(web, staff, dispute):
    order(staff, web, "messaging/contact", "block")
    answer = act(staff, web, "messaging/contact", "unblock")

    assert said(answer) == ["2 of 2 contacts are unblocked."]
    assert history(staff, web, "messaging/contact", dispute.contact_id) == [
        "grace: Blocked.",
        "grace: Unblocked.",
    ]


def test_a_tenants_name_is_only_words_where_it_is_counted(web, staff, replies):
    with operator_scope():
        Tenant.objects.update(name="<script>alert(1)</script>")
    page = choose(staff, web, MESSAGES, "send_again", of_status("unknown"))

    assert ("<script>alert(1)" in page.text, page.text.count("&lt;script&gt;alert(1)") > 0) == (
        False,
        True,
    )
