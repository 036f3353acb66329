"""Acme and Globex on WhatsApp, the stand-in for Graph, and webhooks as Meta signs and sends
them.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from channels_app.models import Channel
from tenants.models import Tenant
from tests.rehearsal.deliveries import CHANNELS
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.photos import PHOTO
from tests.support.whatsapp import bodies, shared_numbers
from tests.support.whatsapp.busy_days import Days
from tests.support.whatsapp.channel import SECRET, connect
from tests.support.whatsapp.connect_page import APP_ID, APP_SECRET, PAGE
from whatsapp.stand_in import StandIn
from whatsapp.stand_in.business import Business, OwnedAccount
from whatsapp.stand_in.files import HeldFile
from whatsapp.stand_in.responders import SecondResponder
from whatsapp.webhooks.signature import sign


@pytest.fixture
def acme_whatsapp(acme: Tenant) -> Channel:
    return connect(acme, ACME_NUMBER, ACME_ACCOUNT, "token-of-acme")


@pytest.fixture
def globex_whatsapp(globex: Tenant) -> Channel:
    return connect(globex, GLOBEX_NUMBER, GLOBEX_ACCOUNT, "token-of-globex")


@pytest.fixture(scope="session")
def _graph() -> Iterator[StandIn]:
    stand_in = StandIn(app_secret=SECRET, account_of=lambda number: number.replace("4", "3", 1))
    stand_in.server.RequestHandlerClass.disable_nagle_algorithm = True  # as PatientServer
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def graph(_graph: StandIn, settings: Any) -> StandIn:
    """Meta's side: accepts what is sent and keeps it in `ledger`; `script` makes it fail; it
    reports no status by itself.
    """
    _graph.reset()
    settings.META_GRAPH_URL = _graph.url
    return _graph


Deliver = Callable[..., requests.Response]


@pytest.fixture
def deliver(web: str, db_rows: Any) -> Deliver:
    """POST a webhook as Meta does: the bytes, signed, to the real address."""

    def deliver(body: bytes, *, secret: str = SECRET, **headers: str) -> requests.Response:
        signed = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": sign(body, secret),
            **headers,
        }
        return requests.post(f"{web}/api/webhooks/whatsapp", data=body, headers=signed, timeout=30)

    return deliver


@pytest.fixture
def write(deliver: Deliver) -> Deliver:
    """Ada writes to Acme: `write("Hello")`, or any keyword of bodies.text; `number` and `account`
    choose another channel.
    """

    def write(
        *texts: str, number: str = ACME_NUMBER, account: str = ACME_ACCOUNT, **more: Any
    ) -> requests.Response:
        messages = tuple(bodies.text(each, **more) for each in texts or ("Hello",))
        return deliver(
            bodies.webhook(bodies.entry(account, bodies.value(number, messages=messages)))
        )

    return write


@pytest.fixture
def report(deliver: Deliver) -> Deliver:
    """Meta reports statuses of messages to Acme's channel: `report(bodies.status(...), ...)`."""

    def report(
        *statuses: dict, number: str = ACME_NUMBER, account: str = ACME_ACCOUNT
    ) -> requests.Response:
        return deliver(
            bodies.webhook(bodies.entry(account, bodies.value(number, statuses=statuses)))
        )

    return report


@pytest.fixture
def photo(graph) -> HeldFile:
    graph.files["7"] = HeldFile(PHOTO)
    return graph.files["7"]


@pytest.fixture
def meta(graph: Any, settings: Any, web: str) -> Business:
    """The business at Meta; our app is set up for it."""
    settings.META_APP_ID, settings.META_APP_SECRET, settings.META_CONFIG_ID = (
        APP_ID,
        APP_SECRET,
        "800000000000001",
    )
    settings.META_DIALOG_URL, settings.META_SDK_URL = graph.url, f"{graph.url}/en_US/sdk.js"
    settings.META_REDIRECT_URI = f"{web}{PAGE}callback"
    graph.business.client_id, graph.business.client_secret, graph.business.requires_proof = (
        APP_ID,
        APP_SECRET,
        True,
    )
    return graph.business


@pytest.fixture
def account(meta: Business) -> OwnedAccount:
    return meta.open_account(
        ACME_ACCOUNT, {"id": ACME_NUMBER, "display_phone_number": "+46 70 000 00 00"}, name="Acme"
    )


@pytest.fixture
def tell(acme_whatsapp: Any, graph: Any, deliver: Any, work: Any) -> Callable[..., None]:
    """Deliver changes, (field, value) each, in one webhook, and take it through."""

    def tell(*changes: tuple[str, Any]) -> None:
        assert deliver(shared_numbers.webhook(*changes)).status_code == 200
        work()

    return tell


@pytest.fixture
def desk(acme_whatsapp: Channel, graph: StandIn, deliver: Deliver) -> SecondResponder:
    """A second responder on Acme's number, who is the primary one; its webhooks come to us."""
    responder = graph.second_responder(ACME_NUMBER, primary={"chat": "other"})
    responder.tell = lambda body: deliver(body).raise_for_status()
    return responder


@pytest.fixture
def days(acme: Any, globex: Any, deliver: Any, work: Any, jobs: Any, desk: Any, graph: Any) -> Days:
    """Everything that people, staff, software and the provider do in two days."""
    for account, number in CHANNELS:
        if number != ACME_NUMBER:
            tenant = acme if account == ACME_ACCOUNT else globex
            connect(tenant, number, account, f"token of {number}")
    return Days(acme, deliver, work, jobs, graph, desk)
