"""In hardened mode: a strategy is chosen, takes its time, fails and is counted, and people take
conversations and hand them back. Each step by the login of its process.
"""

import json
from collections.abc import Iterator

import pytest

from tests.chaos.meta import body_of, post
from tests.support.api import Caller
from tests.support.back_office import act, said
from tests.support.cast import ADA
from tests.support.members import sign_in
from tests.support.processes import eventually
from tests.support.replies import says
from tests.support.subscriber import Subscriber
from tests.support.whatsapp import bodies
from tests.tenants.hardened.running import Site, running_unrefused
from tests.tenants.hardened.stage import Hardened

pytestmark = pytest.mark.whatsapp

SECONDS = 60
STRATEGIES = {"REPLY_STRATEGIES": "tests.support.service_strategy.AsksAService"}
SCOPES = ("messages:read", "conversations:read", "conversations:write", "events:read")
OLGA = """
from tenants.models import User
from tenants.scope import auth_scope
with auth_scope():
    User.objects.create_user("olga", password="correct horse", is_staff=True, is_superuser=True)
"""


@pytest.fixture(scope="module")
def service() -> Iterator[Subscriber]:
    service = Subscriber(lambda received: says("Hello from the service."))
    yield service
    service.stop()


@pytest.fixture(scope="module")
def site(
    stage: Hardened, service: Subscriber, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Olga is an operator; Acme has chosen a strategy that asks the service."""
    stage.order("shell", "--command", OLGA)
    address = json.dumps({"url": service.url})
    stage.order("set_reply_strategy", "--tenant", "acme", "service", address, **STRATEGIES)
    allowed = {"WEBHOOK_ALLOWED_HOSTS": "{}:{}".format(*service.place)}
    quick = {"DEFERRED_REPLY_WAIT_SECONDS": "0.1"}
    folder = tmp_path_factory.mktemp("replies")
    with running_unrefused(stage, folder, **STRATEGIES, **allowed, **quick) as site:
        yield site


@pytest.fixture(scope="module")
def acmes(site: Site, stage: Hardened) -> Caller:
    given = [word for scope in SCOPES for word in ("--scope", scope)]
    arguments = ("--tenant", "acme", "--name", "tests", *given)
    return Caller(
        site.url("api"), json.loads(stage.order("create_api_key", *arguments).stdout)["key"]
    )


def write(site: Site, text: str) -> None:
    assert post(site.url("webhooks"), body_of(bodies.text(text, sender=ADA))).status == 200


def sent(site: Site) -> list[str]:
    return [entry["message"]["text"]["body"] for entry in list(site.graph.ledger)]


def handed_over(acmes: Caller) -> list[tuple[str, str]]:
    """(to whom, because of what) of each time that a conversation changed hands."""
    told = acmes.items("events", type="conversation.handed_over")
    return [(each["data"]["to"], each["data"].get("because", "")) for each in told]


def test_a_strategy_that_takes_its_time_answers_and_leaves_to_people_who_hand_back(
    site, stage, service, acmes
):
    write(site, "Is my parcel on its way?")
    assert eventually(lambda: sent(site) == ["Hello from the service."], SECONDS)

    service.answer = lambda received: (200, {}, b'{"hand_over": "A refund."}')
    write(site, "I want my money back.")
    assert eventually(lambda: handed_over(acmes) == [("people", "strategy")], SECONDS)
    waiting = json.loads(stage.order("status", "--json").stdout)["waiting_for_a_person"]
    assert [(row["tenant"], row["number"]) for row in waiting] == [("Acme", 1)]

    (conversation,) = acmes.items("conversations")
    taken = acmes.post(f"conversations/{conversation['id']}/take")
    back = acmes.post(f"conversations/{conversation['id']}/hand-back")
    assert (taken.status_code, back.status_code) == (200, 200), (taken.text, back.text)

    service.answer = lambda received: (500, {}, b"out of order")
    write(site, "Thank you.")
    told = [("people", "strategy"), ("people", "taken"), ("automation", "")]
    failed = [*told, ("people", "failed")]
    assert eventually(lambda: handed_over(acmes) == failed, SECONDS), handed_over(acmes)

    session, _ = sign_in(site.url("pages"), "olga")
    back_office = site.url("back-office")
    assert "Conversations that wait for a person" in session.get(f"{back_office}/admin/").text
    done = act(session, back_office, "messaging/conversation", "hand_back")
    assert (done.status_code, len(said(done))) == (200, 1)
    service.answer = lambda received: says("Here I am again.")
    write(site, "Are you there?")
    assert eventually(lambda: sent(site)[1:] == ["Here I am again."], SECONDS), sent(site)
