"""Nobody orders by accident what he did not mean: an order takes one page's rows, a large one asks
for their number, and one about a time counts first.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from messaging.admin.deliveries import ranges
from messaging.models import WebhookDelivery
from tenants.admin import PlatformAdmin
from tenants.admin.confirming import LARGE
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import act, confirm, said, sign_in
from tests.support.cast import ACME_ACCOUNT
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

PAGE = "messaging/webhookdelivery"
RANGE = f"/admin/{PAGE}/process-again/"
MISTYPED = "Nothing was changed: the number that was typed is not that of the"


def test_every_list_with_orders_takes_the_rows_of_one_page_at_most(db_rows):
    others = {
        model
        for model, page in admin.site._registry.items()
        if not (isinstance(page, PlatformAdmin) and page.list_max_show_all <= 50)
    }

    assert others <= {User, Group, ProcrastinateJob}  # the last is only read


def stored(number: int) -> None:
    """So many deliveries that were processed a moment ago."""
    for _ in range(number):
        WebhookDelivery.store("whatsapp", b"{}")
    with operator_scope():
        WebhookDelivery.objects.update(processed_at=datetime.now(UTC), due_at=None)


def waiting() -> int:
    with operator_scope():
        return WebhookDelivery.objects.filter(due_at__isnull=False).count()


def test_a_large_order_has_the_number_of_its_rows_typed(web, db_rows):
    staff = sign_in(web, is_staff=True, is_superuser=True)
    stored(LARGE)
    small = act(staff, web, PAGE, "process_again")
    stored(1)
    large = act(staff, web, PAGE, "process_again")
    untyped = confirm(staff, large)
    wrong = confirm(staff, large, typed="20")
    before = waiting()
    right = confirm(staff, large, typed=" 21 ")

    asks = 'name="typed"'
    assert [asks in page.text for page in (small, large, untyped, wrong)] == [
        False,
        True,
        True,
        True,
    ]
    assert [MISTYPED in page.text for page in (large, untyped, wrong)] == [False, True, True]
    assert (before, waiting()) == (0, 21)
    assert said(right) == ["21 of 21 deliveries are processed again."]
    assert said(confirm(staff, large, typed="21")) == [
        "0 of 21 deliveries are processed again. The rest still waits for its first time, or is"
        " being processed."
    ]


def within(minutes: int, **more: str) -> dict[str, str]:
    """The form: what came in the last minutes."""
    since, until = (
        f"{datetime.now(UTC) + timedelta(minutes=each):%Y-%m-%dT%H:%M}" for each in (-minutes, 1)
    )
    return {"since": since, "until": until, "kind": "", **more}


def told(page: str) -> list[str]:
    return re.findall(r'role="status"><strong>(.*?)</strong>', page)


def test_a_time_is_counted_before_it_is_processed_again_and_its_number_typed(root):
    stored(3)
    asked = root.get(RANGE).content.decode()
    counted = root.post(RANGE, within(5)).content.decode()
    wrong = root.post(RANGE, within(5, typed="4")).content.decode()
    before = waiting()
    answer = root.post(RANGE, within(5, typed="3"), follow=True)

    assert (told(asked), told(counted)) == ([], ["3 deliveries are meant."])
    assert (MISTYPED in wrong, before, waiting()) == (True, 0, 3)
    assert [str(each) for each in answer.context["messages"]] == [
        "3 of 3 deliveries are processed again."
    ]
    assert answer.redirect_chain == [(f"/admin/{PAGE}/", 302)]
    with auth_scope():
        assert list(LogEntry.objects.values_list("change_message")) == [("Processed again.",)] * 3
    assert told(root.post(RANGE, within(5)).content.decode()) == ["0 deliveries are meant."]


def test_of_a_time_only_what_was_set_aside_and_only_one_kind_are_meant(
    root, acme_whatsapp, deliver, work
):
    stored(2)
    value = bodies.value("499", messages=(bodies.text("to nobody"),))
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))
    work()
    forms = [within(5), within(5, only_aside="on"), within(5, kind="whatsapp", only_aside="on")]

    assert [told(root.post(RANGE, form).content.decode()) for form in forms] == [
        ["3 deliveries are meant."],
        ["1 delivery is meant."],
        ["1 delivery is meant."],
    ]


def test_too_long_a_time_is_refused_and_so_is_one_that_ends_before_it_begins(root, monkeypatch):
    monkeypatch.setattr(ranges, "MOST", 2)
    stored(3)
    page = root.post(RANGE, within(5, typed="3")).content.decode()
    backwards = root.post(RANGE, within(5) | {"until": "2020-01-01T00:00"}).content.decode()

    assert told(page) == ["More than 2 deliveries came then. Choose a shorter time."]
    assert ('name="typed"' in page, waiting()) == (False, 0)
    assert "The end must be later than the beginning." in backwards


def test_who_may_only_look_processes_no_time_again(db_rows):
    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_user("mallory", is_staff=True))
    stored(1)

    assert client.post(RANGE, within(5, typed="1")).status_code == 403
    assert waiting() == 0
