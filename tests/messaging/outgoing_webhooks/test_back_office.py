"""The back-office's pages of endpoints: who is behind, and what staff may order."""

import pytest
import requests
from django.contrib.auth.models import Permission

from messaging.models import WebhookAttempt, WebhookEndpoint
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import act, buttons, said, sign_in

PAGE = "messaging/webhookendpoint"
LOG = "messaging/webhookattempt"
TEST, DISABLE = "Send a test event", "Disable (nothing more is sent)"
ENABLE = "Enable (events are sent from where it stopped)"


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


def open_page(staff: requests.Session, web: str, page: str) -> str:
    shown = staff.get(f"{web}/admin/{page}/", timeout=10)
    assert shown.status_code == 200
    return " ".join(shown.text.split())


def test_the_list_shows_who_is_behind_and_no_secret(
    web, staff, acme, subscriber, register, acme_happens
):
    endpoint = register(acme, f"{subscriber.url}/sesame?key=sesame", description="our CRM")
    acme_happens("a1 a2")
    host = f"127.0.0.1:{subscriber.place[1]}"

    for page in (PAGE, f"{PAGE}/{endpoint.id}/change"):
        shown = open_page(staff, web, page)
        for word in ("Acme", "our CRM", host, "Enabled"):
            assert word in shown
        for secret in ("sesame", endpoint.credentials, "whsec_"):
            assert secret not in shown
    assert 'data-label="Events behind">2</td>' in open_page(staff, web, PAGE)


def test_a_test_event_is_sent_and_the_log_shows_the_answer_as_text(
    web, staff, endpoint, subscriber, deliver
):
    subscriber.answer = lambda received: (200, {}, b"<b>Thank you</b>")
    told = said(act(staff, web, PAGE, "send_test"))
    deliver()

    assert told == ["1 of 1 endpoints is sent a test event."]
    assert [each.body["type"] for each in subscriber.received] == ["webhook.test"]
    with operator_scope():
        attempt = WebhookAttempt.objects.get()
    assert "webhook.test" in open_page(staff, web, LOG)
    shown = open_page(staff, web, f"{LOG}/{attempt.id}/change")
    assert "&lt;b&gt;Thank you&lt;/b&gt;" in shown
    assert "<b>Thank you</b>" not in shown


def test_an_endpoint_of_the_platform_and_its_log_are_of_all_tenants(
    web, staff, acme, subscriber, register, acme_happens, deliver
):
    endpoint = register(None, subscriber.url)
    acme_happens("a1")
    deliver()
    with operator_scope():
        attempt = WebhookAttempt.objects.get()

    for page, row in ((PAGE, endpoint), (LOG, attempt)):
        assert 'data-label="Tenant">all tenants</td>' in open_page(staff, web, page)
        assert '<div class="readonly">all tenants</div>' in open_page(
            staff, web, f"{page}/{row.id}/change"
        )


def test_an_endpoint_is_disabled_and_enabled(
    web, staff, endpoint, subscriber, acme_happens, deliver
):
    assert buttons(staff, web, PAGE, endpoint.id) == [TEST, DISABLE]
    assert said(act(staff, web, PAGE, "disable")) == ["1 of 1 endpoints is disabled."]
    assert buttons(staff, web, PAGE, endpoint.id) == [ENABLE]
    assert said(act(staff, web, PAGE, "send_test")) == [
        "0 of 1 endpoints are sent a test event. The rest is disabled."
    ]
    acme_happens("a1")
    deliver()
    assert subscriber.received == []
    assert "Disabled by hand" in open_page(staff, web, PAGE)

    assert said(act(staff, web, PAGE, "enable")) == ["1 of 1 endpoints is enabled."]
    deliver()
    assert subscriber.names() == ["a1"]


def test_staff_who_may_only_look_order_nothing(web, endpoint):
    session = sign_in(web, is_staff=True)
    with auth_scope():
        User.objects.get(username="grace").user_permissions.set(
            Permission.objects.filter(codename="view_webhookendpoint")
        )
    assert endpoint.description in open_page(session, web, PAGE)
    act(session, web, PAGE, "disable")

    with operator_scope():
        assert WebhookEndpoint.objects.get().status == "enabled"
