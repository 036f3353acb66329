"""An operator disconnects a channel, and moves another to another tenant, in a real browser."""

import pytest

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.cast import ACME_NUMBER

pytestmark = pytest.mark.whatsapp


def channels() -> list[tuple[str, str]]:
    with operator_scope():
        return list(Channel.objects.order_by("id").values_list("tenant__slug", "status"))


def test_a_channel_is_disconnected(operator, acme_whatsapp, jobs, graph):
    operator.open("/admin/")
    operator.follow("Channels")
    operator.open_row("Acme")
    operator.press("Disconnect")
    assert operator.sees("Nothing comes in or leaves any more")
    operator.station("15-disconnect")
    operator.press("Confirm")
    assert operator.sees("1 of 1 channels is disconnected.")
    jobs()
    operator.driver.refresh()
    operator.station("16-disconnected")

    assert channels() == [("acme", "disconnected")]


def test_a_channel_is_moved_to_another_tenant(operator, acme_whatsapp, globex, jobs, graph):
    operator.open("/admin/")
    operator.follow("Channels")
    operator.open_row("Acme")
    operator.follow("MOVE TO ANOTHER TENANT")
    assert operator.sees("The provider is asked first.")
    operator.fill("Short name of the tenant that gets the number", "globex")
    operator.fill("A token of that tenant's", "EAAG-of-globex")
    operator.station("17-move")
    operator.press("Move the number")
    assert operator.sees("The provider is being asked.")
    operator.station("18-move-is-asked")
    jobs()
    operator.open("/admin/")
    operator.follow("Channel moves")
    assert operator.sees(ACME_NUMBER)
    operator.station("19-moved")

    assert channels() == [("acme", "disconnected"), ("globex", "live")]
