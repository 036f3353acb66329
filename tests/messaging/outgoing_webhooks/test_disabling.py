"""An endpoint that nothing succeeds at any more is disabled after an event's last try, and who can
mend it is told.
"""

import logging

import pytest

from messaging.outgoing_webhooks import addresses, again, endpoints, recording, retry
from tenants.models import Membership, User
from tenants.scope import auth_scope, operator_scope, tenant_scope

HOUR = 3600


@pytest.fixture
def people(acme, globex):
    """Acme's owner, administrator, agent and one who left, and Globex's owner."""
    for tenant, name, role, is_active in (
        (acme, "olga", "owner", True),
        (acme, "ada", "admin", True),
        (acme, "agnes", "agent", True),
        (acme, "ludwig", "owner", False),
        (globex, "gus", "owner", True),
    ):
        with auth_scope():
            user = User.objects.create_user(name, f"{name}@shop.example", is_active=is_active)
        with operator_scope():
            Membership.objects.create(tenant=tenant, user=user, role=role)


@pytest.fixture
def fails(subscriber):
    subscriber.answer = lambda received: (500, {}, b"No.")


@pytest.fixture
def the_schedule_passes(deliver, time_passes):
    """All nine waits for a next try."""

    def pass_by() -> None:
        deliver()
        for wait in retry.SCHEDULE:
            time_passes(wait)
            deliver()

    return pass_by


def test_it_is_disabled_after_the_last_try_of_an_event_if_nothing_succeeded_meanwhile(
    endpoint, subscriber, fails, acme_happens, the_schedule_passes, state, log, aside
):
    (id,) = acme_happens("a1")
    the_schedule_passes()

    assert [row[1:3] for row in log()] == [
        *((number, "failed") for number in range(1, 10)),
        (10, "given_up"),
    ]
    assert state("status", "disabled_reason", "lease", "disabled_at IS NOT NULL") == (
        *("disabled", "failing"),
        *(None, True),
    )
    assert (subscriber.ids(), aside()) == ([id] * 10, [])


def test_one_success_meanwhile_keeps_it_enabled(
    endpoint, subscriber, fails, acme_happens, deliver, time_passes, state, log
):
    acme_happens("a1")
    subscriber.answer = lambda received: 500 if received.data["name"] == "a1" else 200
    deliver()
    for wait in retry.SCHEDULE[:-1]:
        time_passes(wait)
        deliver()
    acme_happens("b1")
    deliver()
    time_passes(retry.SCHEDULE[-1])
    deliver()

    assert (subscriber.names()[-2:], log()[-1][1:3]) == (["b1", "a1"], (10, "given_up"))
    assert state("status", "failing_since") == ("enabled", None)


def test_a_failure_long_after_another_does_not_disable(
    endpoint, subscriber, fails, acme_happens, deliver, time_passes, state
):
    with tenant_scope(endpoint.tenant_id):
        again.send_test(endpoint.id)
    deliver()
    time_passes(100 * HOUR)
    acme_happens("a1")
    deliver()

    assert state("status") == ("enabled",)


def test_what_happens_while_it_is_disabled_comes_when_it_is_enabled(
    acme, endpoint, subscriber, fails, acme_happens, the_schedule_passes, deliver, state
):
    acme_happens("a1")
    the_schedule_passes()
    acme_happens("a2 b1")
    deliver()
    assert subscriber.names() == ["a1"] * 10

    subscriber.answer = lambda received: 200
    with tenant_scope(acme.id):
        assert endpoints.enable([endpoint.id]) == [endpoint.id]
        assert endpoints.enable([endpoint.id]) == []
    deliver()
    assert subscriber.names()[10:] == ["a2", "b1"]
    assert state("failures", "failing_since", "disabled_at") == (0, None, None)


def test_owners_and_administrators_are_told_once_without_the_address(
    people, acme, subscriber, register, fails, acme_happens, the_schedule_passes, jobs, mailbox
):
    endpoint = register(acme, f"{subscriber.url}?key=sesame", description="our CRM")
    acme_happens("a1 b1")
    the_schedule_passes()
    jobs()

    assert sorted(mail["To"] for mail in mailbox.taken) == [
        "ada@shop.example",
        "olga@shop.example",
    ]
    mail = mailbox.taken[0]
    assert mail["Subject"] == "Acme: a webhook endpoint was disabled"
    assert mail.get_content().replace("\r\n", "\n") == (
        "Events are no longer sent to a webhook endpoint of Acme: the last try of an event failed,"
        " and nothing succeeded meanwhile.\n"
        "\n"
        f"Host: 127.0.0.1:{subscriber.place[1]}\n"
        "Description: our CRM\n"
        f"Id: {endpoint.id}\n"
        "\n"
        "What was not given up waits: once the endpoint is enabled again, it goes on where it"
        " stopped.\n"
    )


def test_a_410_is_told_too_and_what_was_disabled_by_hand_is_not(
    people, acme, subscriber, register, acme_happens, deliver, jobs, mailbox
):
    by_hand, gone = register(acme, subscriber.url), register(acme, subscriber.url)
    with tenant_scope(acme.id):
        assert endpoints.disable([by_hand.id]) == [by_hand.id]
    subscriber.answer = lambda received: 410
    acme_happens("a1")
    deliver()
    jobs()

    assert [f"Id: {gone.id}" in mail.get_content() for mail in mailbox.taken] == [True, True]
    assert "it answered 410 Gone" in mailbox.taken[0].get_content()


def test_the_operators_are_told_of_one_of_the_platform_unless_it_is_enabled_by_then(
    people, subscriber, register, acme_happens, deliver, jobs, mailbox, settings, caplog
):
    settings.OPERATORS_EMAIL = ["operators@platform.example"]
    subscriber.answer = lambda received: 410
    endpoint, enabled = (register(None, subscriber.url) for _ in range(2))
    acme_happens("a1")
    deliver()
    subscriber.answer = lambda received: 200
    with operator_scope():
        endpoints.enable([enabled.id])
    jobs()

    (mail,) = mailbox.taken
    assert (mail["To"], mail["Subject"]) == (
        "operators@platform.example",
        "The platform: a webhook endpoint was disabled",
    )
    assert mail.get_content().replace("\r\n", "\n") == (
        "Events are no longer sent to a webhook endpoint of the platform: it answered 410 Gone.\n"
        "\n"
        f"Host: 127.0.0.1:{subscriber.place[1]}\n"
        "Description: none\n"
        f"Id: {endpoint.id}\n"
        "\n"
        "What was not given up waits: once the endpoint is enabled again, it goes on where it"
        " stopped.\n"
    )
    logged = [each.getMessage() for each in caplog.records if each.name == recording.__name__]
    assert sorted(logged) == [
        f"Webhook endpoint {each.id} of the platform was disabled (gone)."
        for each in (endpoint, enabled)
    ]


def test_one_that_is_enabled_again_before_the_mail_is_not_told(
    people, acme, endpoint, subscriber, acme_happens, deliver, jobs, mailbox
):
    subscriber.answer = lambda received: 410
    acme_happens("a1")
    deliver()
    with tenant_scope(acme.id):
        endpoints.enable([endpoint.id])
    jobs()

    assert mailbox.taken == []


def test_without_a_mail_server_it_is_disabled_all_the_same(
    endpoint, subscriber, acme_happens, deliver, state, db_rows, caplog
):
    subscriber.answer = lambda received: 410
    acme_happens("a1")
    with caplog.at_level(logging.WARNING):
        deliver()

    assert state("status") == ("disabled",)
    assert db_rows.execute("SELECT count(*) FROM jobs.procrastinate_jobs").fetchone() == (0,)
    assert [each.getMessage() for each in caplog.records] == [
        f"Webhook endpoint {endpoint.id} of tenant {endpoint.tenant_id} was disabled (gone)."
    ]


def test_one_that_is_disabled_during_its_turn_stays_so_and_what_was_sent_is_recorded(
    acme, endpoint, subscriber, acme_happens, deliver, state, log
):
    def disable(received):
        with tenant_scope(acme.id):
            endpoints.disable([endpoint.id])
        return 410

    subscriber.answer = disable
    acme_happens("a1")
    deliver()

    assert state("status", "disabled_reason", "lease") == ("disabled", "asked", None)
    assert [row[2:] for row in log()] == [("failed", "410")]


def test_another_address_begins_without_past_failures(
    acme, endpoint, subscriber, subscribe, fails, acme_happens, deliver, state, time_passes
):
    acme_happens("a1 b1 c1 d1 e1 f1")
    deliver()
    assert state("failures") == (5,)
    elsewhere = subscribe()
    address = addresses.checked(elsewhere.url)
    with tenant_scope(acme.id):
        endpoints.update(endpoint.id, address=address)
    assert state("failures", "failing_since") == (0, None)

    deliver()
    assert elsewhere.names() == ["f1"]
    time_passes(5)
    deliver()
    assert elsewhere.names() == ["f1", "a1", "b1", "c1", "d1", "e1"]
