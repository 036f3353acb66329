"""A channel's form, and whoever connects a channel, save what they set: what the worker or a
colleague changes between their look at the row and their save stays.
"""

import pytest
from django.urls import reverse

from channels_app import tasks
from channels_app.admin.channels import ChannelAdmin
from channels_app.lifecycle.parking import Refusal, park, unpark
from channels_app.models import Channel
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.forms import Form
from tests.support.logged import logged
from tests.support.together import at_once, once_read
from tests.support.whatsapp.channel import connect

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

ASKING = "The provider is being asked whether it accepts the token."
REFUSED = ("needs_reauth", "It ended.", "check")


@pytest.fixture
def meanwhile(acme_whatsapp, monkeypatch):
    """Let something be changed between the form's look at the channel and its save."""

    def meanwhile(change) -> None:
        once_read(monkeypatch, ChannelAdmin, change)

    return meanwhile


@pytest.fixture
def save(root, acme_whatsapp):
    """Fill in something of the channel's form, and press Save."""
    address = reverse("admin:channels_channel_change", args=[acme_whatsapp.id])

    def save(**given: str) -> None:
        shown = Form(root.get(address).content.decode()).fields
        assert root.post(address, shown | given).status_code == 302

    return save


def only() -> Channel:
    with operator_scope():
        return Channel.objects.get()


def standing() -> tuple[str, str, str, bool]:
    now = only()
    return now.status, now.status_reason, now.recovers_by, now.parked_at is not None


def parked(recovers_by: str = "check") -> None:
    park([Refusal(only(), "needs_reauth", "It ended.", recovers_by)])


def disconnected() -> None:
    channel = only()
    with tenant_scope(channel.tenant_id):
        tasks.disconnect(channel, by="a colleague")


def test_an_auto_reply_that_is_saved_does_not_undo_a_parking(acme, save, meanwhile, db_rows):
    meanwhile(parked)
    save(auto_reply="Hello")

    assert (only().auto_reply, standing()) == ("Hello", (*REFUSED, True))
    assert [data["status"] for *_, data in logged(db_rows, acme)] == ["live", "needs_reauth"]


def test_an_auto_reply_that_is_saved_does_not_undo_a_disconnect(acme, save, meanwhile, db_rows):
    meanwhile(disconnected)
    save(auto_reply="Hello")

    assert (only().auto_reply, standing()[:2]) == (
        "Hello",
        ("disconnected", "Disconnected by a colleague."),
    )
    assert [data["status"] for *_, data in logged(db_rows, acme)] == ["live", "disconnected"]


def test_a_form_saves_the_columns_that_it_changed(save, meanwhile, db_rows):
    renamed = "UPDATE messaging.channels SET name = 'Shop', token_expires_at = '2030-01-01'"
    meanwhile(lambda: db_rows.execute(renamed))
    save(auto_reply="Hello")

    assert (only().auto_reply, only().name, only().token_expires_at.year) == ("Hello", "Shop", 2030)


@pytest.mark.parametrize("recovers_by", ["check", "probe", "reconnect"])
def test_a_new_token_of_a_channel_that_was_parked_meanwhile_is_asked_about(
    save, meanwhile, recovers_by
):
    meanwhile(lambda: parked(recovers_by))
    save(access_token="EAAG-new")

    assert standing() == ("needs_reauth", ASKING, "check", True)
    assert only().secrets() == {"access_token": "EAAG-new"}


def test_a_new_token_of_a_channel_that_came_back_meanwhile_tells_no_reason(save, meanwhile):
    parked()
    meanwhile(lambda: unpark(only(), Channel.Recovery.CHECK))
    save(access_token="EAAG-new")

    assert standing()[:3] == ("live", "", "check")


def test_staff_who_park_a_channel_have_it_parked_whatever_parked_it_meanwhile(save, meanwhile):
    meanwhile(parked)
    save(status="restricted")

    assert standing() == ("restricted", "", "reconnect", True)
    assert only().is_parked_by_staff


def test_who_connects_a_channel_again_has_it_live_though_it_is_parked_meanwhile(
    acme, acme_whatsapp, monkeypatch
):
    go_live = Channel.go_live

    def parked_meanwhile(channel: Channel) -> None:
        at_once(lambda _: parked(), times=1, threads=1)
        go_live(channel)

    monkeypatch.setattr(Channel, "go_live", parked_meanwhile)
    connect(acme, ACME_NUMBER, ACME_ACCOUNT, "token-2")

    assert standing()[:3] == ("live", "", "check")
