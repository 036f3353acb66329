"""One number, connected from several sides in the same moment: it has one channel, one PIN and one
owner.
"""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.cast import ACME_NUMBER
from tests.support.members import employ, sign_in
from whatsapp.models import Signup
from whatsapp.onboarding import flow

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]


def at_once(*calls: Callable[[], None]) -> None:
    begin = threading.Barrier(len(calls))

    def one(call: Callable[[], None]) -> None:
        begin.wait()
        try:
            call()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def signups() -> list[Signup]:
    with operator_scope():
        return list(Signup.objects.order_by("created_at"))


def proceed(*chosen: Signup) -> None:
    at_once(*(lambda each=each: flow.proceed(each.tenant_id, each.id) for each in chosen))


def only() -> Channel:
    """Who came too late may keep a pending one."""
    with operator_scope():
        return Channel.objects.exclude(status="pending").get()


@pytest.mark.parametrize("round", range(3))
def test_two_tenants_at_once_are_one_owner(web, acme, globex, ada, account, finish, round):
    employ("grace", globex, "owner")
    grace, _ = sign_in(web, "grace")
    finish()
    finish(grace)
    proceed(*signups())

    connected = [each.tenant_id for each in signups() if each.status == "connected"]
    assert (only().status, [only().tenant_id]) == ("live", connected)


@pytest.mark.parametrize("round", range(3))
def test_two_attempts_of_a_tenant_at_once_are_one_channel(ada, account, meta, finish, round):
    finish()
    finish()
    proceed(*signups())

    assert [each.status for each in signups()] == ["connected", "connected"]
    assert (only().status, only().secrets()["pin"]) == ("live", meta.pins[ACME_NUMBER])


def test_one_attempt_that_is_taken_up_twice_is_one_channel(ada, account, meta, finish):
    finish()
    proceed(*signups() * 3)

    assert (signups()[0].status, only().status, only().secrets()["pin"]) == (
        "connected",
        "live",
        meta.pins[ACME_NUMBER],
    )
