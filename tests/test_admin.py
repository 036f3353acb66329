"""The back-office, signed in through its own page."""

import re

import pytest
import requests
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from channels_app.models import Channel
from messaging.models import Conversation, Message, WebhookDelivery
from tenants.models import Tenant
from tenants.scope import auth_scope, operator_scope
from tests.support import threads
from tests.support.back_office import act, form_for, order, said, sign_in
from tests.support.cast import ACME_NUMBER, ADA, REPLY
from tests.support.forms import post

pytestmark = pytest.mark.whatsapp

READ_ONLY = [
    "messaging/contact",
    "messaging/conversation",
    "messaging/message",
    "messaging/webhookdelivery",
]
PAGES = [*READ_ONLY, "tenants/tenant", "channels/channel", "tenants/user"]
SCRIPT = '<script>alert("XSS")</script><img src=x onerror=alert(1)>'


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


def test_every_list_and_every_row_opens(web, staff, acme_whatsapp, write, work, graph):
    write()
    work()
    for page in PAGES:
        listing = staff.get(f"{web}/admin/{page}/", timeout=10)
        row = re.search(rf"/admin/{page}/[0-9a-f-]+/change/", listing.text)
        assert (page, listing.status_code, staff.get(f"{web}{row[0]}", timeout=10).status_code) == (
            page,
            200,
            200,
        )


def test_a_conversation_shows_its_messages_in_order_with_what_became_of_them(
    web, staff, acme_whatsapp, write, work, graph
):
    write("Is it in stock?")
    work()
    with operator_scope():
        conversation = Conversation.objects.get()
    page = staff.get(
        f"{web}/admin/messaging/conversation/{conversation.id}/change/", timeout=10
    ).text

    assert threads.read(page).found == [
        ["Is it in stock?"],
        [REPLY, "automatic reply · ✓ Accepted by the provider"],
    ]


def test_what_people_write_never_becomes_markup(
    web, staff, acme_whatsapp, deliver, write, work, graph
):
    write(SCRIPT)
    work()
    with operator_scope():
        conversation = Conversation.objects.select_related("contact").get()
        conversation.contact.name = SCRIPT
        conversation.contact.save()
        Tenant.objects.update(name=SCRIPT)
    addresses = [f"/admin/{page}/" for page in PAGES] + [
        f"/admin/messaging/conversation/{conversation.id}/change/"
    ]
    pages = [staff.get(f"{web}{address}", timeout=10).text for address in addresses]

    assert any("&lt;script&gt;alert" in page for page in pages)
    assert [page for page in pages if "<script>alert" in page or "<img src=x" in page] == []


@pytest.mark.parametrize("page", READ_ONLY)
def test_history_is_read_and_never_written(web, staff, acme_whatsapp, write, work, graph, page):
    write()
    work()
    row = re.search(
        rf"/admin/{page}/([0-9a-f-]+)/change/", staff.get(f"{web}/admin/{page}/", timeout=10).text
    )[1]

    assert staff.get(f"{web}/admin/{page}/add/", timeout=10).status_code == 403
    assert staff.get(f"{web}/admin/{page}/{row}/delete/", timeout=10).status_code == 403
    assert post(staff, f"{web}/admin/{page}/{row}/change/", text="changed").status_code == 403


def test_a_channel_is_connected_with_a_token_that_is_never_shown(web, staff, acme):
    address = f"{web}{form_for('channels/channel', acme)}"
    given = {
        "kind": "whatsapp",
        "external_id": ACME_NUMBER,
        "account_id": "300",
        "status": "live",
    }
    refused = post(staff, address, **given)
    assert (refused.status_code, "A live channel needs a token." in refused.text) == (200, True)

    saved = post(staff, address, **given, access_token="EAAG-secret")
    with operator_scope():
        channel = Channel.objects.get()
        assert channel.secrets() == {"access_token": "EAAG-secret"}
    change = staff.get(f"{web}/admin/channels/channel/{channel.id}/change/", timeout=10).text
    assert (
        saved.status_code,
        "EAAG-secret" in saved.text + change,
        channel.credentials in change,
    ) == (200, False, False)

    post(staff, f"{web}/admin/channels/channel/{channel.id}/change/", name="Front desk")
    with operator_scope():
        channel = Channel.objects.get()
        assert (channel.name, channel.secrets()) == ("Front desk", {"access_token": "EAAG-secret"})


def test_a_change_of_the_auto_reply_answers_the_next_message(
    web, staff, acme, acme_whatsapp, write, work, graph
):
    post(staff, f"{web}/admin/tenants/tenant/{acme.id}/change/", auto_reply="We are closed today.")
    write()
    work()

    assert graph.ledger[0]["message"]["text"]["body"] == "We are closed today."


def test_a_stranger_and_a_user_who_is_no_staff_see_the_sign_in_page(
    web, acme_whatsapp, write, work, graph
):
    write()
    work()
    for session in (requests.Session(), sign_in(web, is_staff=False)):
        page = session.get(f"{web}/admin/messaging/message/", timeout=10)
        assert (page.url.split("?")[0], ADA in page.text) == (f"{web}/admin/login/", False)


def test_a_staff_member_without_permissions_sees_no_tenant(web, acme_whatsapp, write, work, graph):
    write()
    work()
    session = sign_in(web, is_staff=True)
    assert [session.get(f"{web}/admin/{page}/", timeout=10).status_code for page in PAGES] == [
        403
    ] * len(PAGES)


def test_the_back_office_finds_its_style_without_a_build_step(web):
    assert requests.get(f"{web}/static/admin/css/base.css", timeout=10).status_code == 200


def outbound() -> tuple[str, list[tuple[str, str]]]:
    with operator_scope():
        message = Message.objects.get(direction="outbound")
        return message.status, list(message.resends.values_list("status_before", "ordered_by"))


def test_an_operator_sends_a_message_of_unknown_outcome_again_and_the_order_is_kept(
    web, staff, acme_whatsapp, write, work, graph
):
    graph.script.append({"then": "close"})
    write()
    work()
    answer = order(staff, web, "messaging/message", "send_again")
    assert said(answer) == [
        "1 of 2 messages is sent again. Only a message of ours that failed, expired or is unknown"
        " can be."
    ]
    work()

    assert outbound() == ("accepted", [("unknown", "grace")])
    with operator_scope():
        message_id = Message.objects.get(direction="outbound").id
    page = staff.get(f"{web}/admin/messaging/message/{message_id}/change/", timeout=10).text
    assert re.findall(r'<td class="field-outcome">\s*<p>(\w+)</p>', page) == ["unknown", "accepted"]


def test_staff_who_may_only_look_send_nothing_again_and_process_nothing_again(
    web, acme_whatsapp, write, work, graph
):
    graph.script.append({"then": "close"})
    write()
    work()
    session = sign_in(web, is_staff=True)
    with auth_scope():
        user = get_user_model().objects.get(username="grace")
        user.user_permissions.set(
            Permission.objects.filter(codename__in=["view_message", "view_webhookdelivery"])
        )
    act(session, web, "messaging/message", "send_again")
    act(session, web, "messaging/webhookdelivery", "process_again")
    work()

    assert outbound() == ("unknown", [])
    with operator_scope():
        assert WebhookDelivery.objects.filter(processed_at=None).count() == 0


def test_an_operator_processes_a_delivery_again(web, staff, acme_whatsapp, write, work, graph):
    write()
    work()
    answer = order(staff, web, "messaging/webhookdelivery", "process_again")

    assert said(answer) == ["1 of 1 deliveries is processed again."]
    with operator_scope():
        assert WebhookDelivery.objects.filter(processed_at=None).count() == 1


def test_a_channels_rate_is_set_on_its_page(web, staff, acme_whatsapp):
    post(
        staff, f"{web}/admin/channels/channel/{acme_whatsapp.id}/change/", messages_per_second="20"
    )

    with operator_scope():
        assert Channel.objects.get().messages_per_second == 20
