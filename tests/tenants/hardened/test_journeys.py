"""All of the product in hardened mode, by real processes: messages, the API, pages, back-office."""

import json

import pytest
import requests

from tests.chaos.meta import body_of, post
from tests.support.api import Caller
from tests.support.cast import ADA, GRACE, REPLY
from tests.support.members import sign_in
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from tests.tenants.hardened.running import SERVING, Site
from tests.tenants.hardened.stage import Hardened

pytestmark = pytest.mark.whatsapp

SECONDS = 60


def key_of(stage: Hardened, *arguments: str) -> str:
    done = stage.order("create_api_key", *arguments, "--name", "tests")
    return json.loads(done.stdout)["key"]


@pytest.fixture(scope="module")
def acmes(site: Site, stage: Hardened) -> Caller:
    scopes = ("messages:read", "messages:write", "events:read", "channels:read")
    given = [word for scope in scopes for word in ("--scope", scope)]
    return Caller(site.url("api"), key_of(stage, "--tenant", "acme", *given))


def sent_to(site: Site, number: str) -> list[str]:
    entries = [entry["message"] for entry in list(site.graph.ledger)]
    return [each["text"]["body"] for each in entries if each["to"] == number]


def test_a_message_comes_in_is_answered_and_told(site, acmes):
    answer = post(site.url("webhooks"), body_of(bodies.text("Hello?", sender=ADA)))

    assert answer.status == 200
    assert eventually(lambda: sent_to(site, ADA) == [REPLY], SECONDS)
    told = lambda: [event["type"] for event in acmes.items("events")]  # noqa: E731
    assert eventually(lambda: "message.received" in told(), SECONDS)


def test_a_program_sends_a_message(site, acmes):
    (channel,) = [each for each in acmes.items("channels") if not each["is_test"]]
    post(site.url("webhooks"), body_of(bodies.text("Hello?", sender=GRACE, wamid="wamid.grace")))
    assert eventually(lambda: sent_to(site, GRACE) == [REPLY], SECONDS)

    to = {"kind": "phone", "value": GRACE}
    content = {"kind": "text", "body": "Yes."}
    sent = acmes.post("messages", {"channel": channel["id"], "to": to, "content": content})

    assert sent.status_code == 202, sent.text
    assert eventually(lambda: sent_to(site, GRACE) == [REPLY, "Yes."], SECONDS)


def test_a_test_channel_is_told_of_its_messages(site, stage, acmes):
    stage.order("connect_channel", "whatsapp", "--tenant", "acme", "--test")
    (trial,) = [each for each in acmes.items("channels") if each["is_test"]]
    written = {"from": {"kind": "phone", "value": "+4670990001"}, "text": "Is it on?"}

    put_in = acmes.post(f"channels/{trial['id']}/test-messages", written)

    def recorded() -> bool:
        return bool(acmes.items("messages", external_id=put_in.json()["external_id"]))

    def thread() -> list[tuple[str, str]]:
        (message,) = acmes.items("messages", external_id=put_in.json()["external_id"])
        messages = acmes.items("messages", conversation=message["conversation"])
        return [(each["direction"], each["status"]) for each in messages]

    assert put_in.status_code == 202
    answered = [("outbound", "read"), ("inbound", "received")]
    assert eventually(lambda: recorded() and thread() == answered, SECONDS)


def test_the_platforms_software_makes_a_tenant(site, stage):
    platform = Caller(site.url("back-office"), key_of(stage, "--platform"))

    made = platform.post("tenants", {"slug": "initech", "name": "Initech"})

    assert made.status_code == 201, made.text


def test_a_member_signs_in_and_sees_their_tenant(site):
    session, home = sign_in(site.url("pages"), "mia")

    members = session.get(f"{site.url('pages')}/staff/acme/members/", timeout=30)
    connect = session.get(f"{site.url('pages')}/connect/whatsapp/?tenant=acme", timeout=30)
    assert (home.status_code, members.status_code, connect.status_code) == (200, 200, 200)
    assert "mia" in members.text


def test_an_operator_signs_in_and_sees_every_tenant(site):
    session, _ = sign_in(site.url("pages"), "olga")

    for page in ("", "messaging/conversation/", "channels/channel/", "tenants/tenant/"):
        found = session.get(f"{site.url('back-office')}/admin/{page}", timeout=30)
        assert (found.status_code, "Olga" in found.text or "olga" in found.text) == (200, True)
    assert "Acme" in found.text


def test_every_serving_process_is_ready_and_serves_no_address_of_another(site):
    addresses = {
        "webhooks": "/api/webhooks/whatsapp",
        "api": "/api/v1/channels",
        "pages": "/staff/login/",
        "back-office": "/admin/login/",
    }
    served = {"webhooks": 403, "api": 401, "pages": 200, "back-office": 200}

    for process in SERVING:
        ready = requests.get(f"{site.url(process)}/health/ready", timeout=30).json()["checks"]
        assert (ready["role"], ready["migrations"]) == ({"ok": True}, {"ok": True})
        found = {
            other: requests.get(site.url(process) + address, timeout=30).status_code
            for other, address in addresses.items()
        }
        assert found == {other: served[other] if other == process else 404 for other in addresses}
