"""Whatever the page shows, every word of it can be read by light, in the dark and on a phone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from channels_app.models import Channel
from tenants.models import Membership
from tenants.scope import operator_scope
from tests.browser.connect_page import CONNECT, OWN_PAGE, RECONNECT
from tests.browser.person import CONTRASTS, Person
from tests.support.cast import ACME_NUMBER
from tests.support.members import employ
from whatsapp.business.meanings import CONNECTING
from whatsapp.errors import MEANINGS, sentence
from whatsapp.models import Signup
from whatsapp.onboarding.steps import TITLES

pytestmark = pytest.mark.whatsapp

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
SCHEMES = ("light", "dark")


def number(acme, **changes) -> None:
    """Acme has one number, of its own name and in this state."""
    with operator_scope():
        channel = Channel.objects.connect(
            acme,
            kind="whatsapp",
            external_id=ACME_NUMBER,
            account_id="1",
            access_token="token-of-acme",
            name="Acme Shoes",
        )
        Channel.objects.filter(id=channel.id).update(phone_number="46700000000", **changes)


def empty(ada: Person, acme, meta, graph) -> None:
    ada.open()


def live(ada: Person, acme, meta, graph) -> None:
    number(acme, token_expires_at=datetime(2099, 3, 5, 14, 3, tzinfo=UTC))
    ada.open().unfold("Disconnect")


def ending(ada: Person, acme, meta, graph) -> None:
    number(acme, token_expires_at=datetime.now(UTC) + timedelta(days=3))
    ada.open()


def broken(ada: Person, acme, meta, graph) -> None:
    number(
        acme,
        status="needs_reauth",
        status_reason=sentence(MEANINGS[190], 190, "Session has expired"),
    )
    ada.open()
    assert ada.sees("Needs to be connected again")


def stopped(ada: Person, acme, meta, graph) -> None:
    number(
        acme,
        status="restricted",
        status_reason=sentence(MEANINGS[368], 368, "Blocked"),
        recovers_by="probe",
    )
    ada.open()


def connecting(ada: Person, acme, meta, graph) -> None:
    ada.open().press(CONNECT)
    assert ada.sees("1 of 8 steps is done")


def failed(ada: Person, acme, meta, graph) -> None:
    connecting(ada, acme, meta, graph)
    told = {name: {"said": "It is done.", "failed": False, "at": ""} for name in list(TITLES)[1:6]}
    wrong = sentence(CONNECTING[133005], 133005, "Two step verification PIN mismatch")
    with operator_scope():
        signup = Signup.objects.get()
        steps = {**signup.steps, **told, "register": {"said": wrong, "failed": True, "at": ""}}
        Signup.objects.update(status="failed", steps=steps)
    assert ada.sees("6 of 8 steps are done")
    ada.unfold("6 of 8 steps are done")


def cancelled(ada: Person, acme, meta, graph) -> None:
    ada.open().press(OWN_PAGE)
    ada.press("Cancel")
    assert ada.sees("Nothing was connected")


def window_left(ada: Person, acme, meta, graph) -> None:
    meta.event = "CANCEL"
    broken(ada, acme, meta, graph)
    ada.press(RECONNECT)
    assert ada.sees("Nothing was connected")


def disconnected(ada: Person, acme, meta, graph) -> None:
    live(ada, acme, meta, graph)
    ada.press("Disconnect +46700000000")
    assert ada.sees("is disconnected")


def agent(ada: Person, acme, meta, graph) -> None:
    employ("grace", acme, "owner")
    with operator_scope():
        Membership.objects.filter(user__username="ada").update(role="agent")
    ada.open()
    assert ada.sees("You cannot connect WhatsApp for Acme")
    ada.complaints()  # of the 403


STATES = (
    empty,
    live,
    ending,
    broken,
    stopped,
    connecting,
    failed,
    cancelled,
    window_left,
    disconnected,
    agent,
)


def look(ada: Person, scheme: str, *, is_phone: bool = False) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    ada.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    if is_phone:
        ada.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_word_can_be_read_in_every_state(ada, acme, account, meta, graph, state: Callable):
    state(ada, acme, meta, graph)
    hard = {}
    for scheme in SCHEMES:
        look(ada, scheme)
        hard[scheme] = ada.ask(CONTRASTS)
    look(ada, "light", is_phone=True)

    assert hard == {"light": [], "dark": []}
    assert ada.ask("return [window.innerWidth, document.documentElement.scrollWidth]") == [390, 390]
