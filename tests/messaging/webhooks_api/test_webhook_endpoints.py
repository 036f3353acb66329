"""A business registers where it wants to be told of what happens, and is told, signed, in order."""

import pytest
from standardwebhooks.webhooks import Webhook

from tests.support.api import faults_of

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def endpoint(acmes, shop) -> dict:
    return acmes.post("webhook-endpoints", {"url": shop.url, "description": "The shop"}).json()


def test_what_happens_is_sent_to_the_endpoint_and_verified_with_its_secret(
    acmes, endpoint, acme_whatsapp, write, work, jobs, graph, shop
):
    write("A secret")
    work()
    jobs()

    for received in shop.received:
        Webhook(endpoint["secret"]).verify(received.content, received.headers)
    assert [received.body["type"] for received in shop.received] == [
        "channel.status",
        "contact.created",
        "conversation.opened",
        "message.received",
        "message.status",
    ]
    log = acmes.items(f"webhook-endpoints/{endpoint['id']}/deliveries")
    assert [(each["type"], each["outcome"], each["http_status"]) for each in log[:2]] == [
        ("message.status", "delivered", 200),
        ("message.received", "delivered", 200),
    ]
    told = acmes.get(f"webhook-endpoints/{endpoint['id']}").json()
    assert (told["events_behind"], told["status"], told["api_version"]) == (0, "enabled", "v1")


def test_the_secret_is_shown_once(acmes, endpoint):
    assert endpoint["secret"].startswith("whsec_")
    told = acmes.get(f"webhook-endpoints/{endpoint['id']}").json()
    assert endpoint["secret"] not in str(told)
    assert set(endpoint) - set(told) == {"secret"}
    rotated = acmes.post(f"webhook-endpoints/{endpoint['id']}/secret").json()["secret"]
    assert rotated.startswith("whsec_")
    assert rotated != endpoint["secret"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http://shop.example/"}, "/url"),
        ({"url": "https://127.0.0.1/"}, "/url"),
        ({"url": "https://10.0.0.1/x"}, "/url"),
        ({"url": "https://[::1]/x"}, "/url"),
        ({"url": "https://user:word@shop.example/"}, "/url"),
        ({"url": "nonsense"}, "/url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "/url"),
        ({"url": "SHOP", "types": ["message.sung"]}, "/types/0"),
        ({"url": "SHOP", "description": "x" * 201}, "/description"),
        ({}, "/url"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(acmes, shop, body, pointer):
    given = {name: shop.url if word == "SHOP" else word for name, word in body.items()}

    refused = acmes.post("webhook-endpoints", given)

    assert (refused.status_code, [place for place, _ in faults_of(refused)]) == (422, [pointer])
    assert acmes.items("webhook-endpoints") == []


def test_an_endpoint_is_changed_disabled_enabled_and_deleted(acmes, endpoint):
    path = f"webhook-endpoints/{endpoint['id']}"

    told = acmes.patch(path, {"types": ["message.received"], "status": "disabled"}).json()
    again = acmes.patch(path, {"status": "enabled"}).json()
    gone = acmes.call("DELETE", path)

    assert (told["types"], told["status"], told["disabled_reason"]) == (
        ["message.received"],
        "disabled",
        "asked",
    )
    assert (again["status"], again["disabled_reason"]) == ("enabled", "")
    assert (gone.status_code, acmes.get(path).status_code) == (204, 404)


def test_a_test_event_comes_at_once(acmes, endpoint, jobs, shop):
    sent = acmes.post(f"webhook-endpoints/{endpoint['id']}/test")
    jobs()

    assert sent.status_code == 202
    assert [(str(each.id), each.body["type"]) for each in shop.received] == [
        (sent.json()["event"], "webhook.test")
    ]


def test_a_disabled_endpoint_is_not_tested(acmes, endpoint):
    acmes.patch(f"webhook-endpoints/{endpoint['id']}", {"status": "disabled"})

    refused = acmes.post(f"webhook-endpoints/{endpoint['id']}/test")

    assert (refused.status_code, refused.json()["code"]) == (409, "refused")


@pytest.mark.parametrize("by", ["event", "since"])
def test_what_was_sent_is_sent_again_from_an_event_or_a_moment_on(
    acmes, endpoint, acme_whatsapp, write, work, jobs, graph, shop, by
):
    write("Hello")
    work()
    jobs()
    before = [received.id for received in shop.received]
    value = str(before[0]) if by == "event" else "2020-01-01T00:00:00Z"

    ordered = acmes.post(f"webhook-endpoints/{endpoint['id']}/replay", {by: value})
    jobs()

    assert (ordered.status_code, ordered.json()["events_behind"]) == (200, 5)
    assert [received.id for received in shop.received] == before * 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"since": "2020-01-01T00:00:00Z", "event": "00000000-0000-0000-0000-000000000000"}, 422),
        ({"since": "yesterday"}, 422),
        ({"event": "00000000-0000-0000-0000-000000000000"}, 404),
    ],
)
def test_a_replay_from_nowhere_is_refused(acmes, endpoint, body, status):
    refused = acmes.post(f"webhook-endpoints/{endpoint['id']}/replay", body)

    assert refused.status_code == status


def test_a_business_has_twenty_endpoints_at_most(acmes, shop):
    codes = [acmes.post("webhook-endpoints", {"url": shop.url}).status_code for _ in range(21)]

    assert codes == [201] * 20 + [409]
