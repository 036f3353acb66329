"""The platform registers one endpoint for all of its tenants, and reaches no endpoint of theirs."""

from collections import defaultdict

import pytest
import requests
from standardwebhooks.webhooks import Webhook

from messaging.models import Message
from tenants.scope import operator_scope
from tests.support.addresses import NO_ID
from tests.support.api import as_told
from tests.support.api_schema import operations
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE

pytestmark = pytest.mark.whatsapp

PATH = "platform/webhook-endpoints"
HAPPENED = [
    "channel.status",
    "contact.created",
    "conversation.opened",
    "message.received",
    "message.received",
    "message.status",
    "message.status",
]
BODIES = {
    "update_webhook_endpoint": {"description": "Changed", "status": "disabled"},
    "update_platform_webhook_endpoint": {"description": "Changed", "status": "disabled"},
    "replay_webhooks": {"since": "2020-01-01T00:00:00Z"},
    "replay_platform_webhooks": {"since": "2020-01-01T00:00:00Z"},
}
OF_ONE = [each for each in operations() if "webhook-endpoints/{id}" in each.path]
OF_THE_PLATFORM = [each for each in OF_ONE if each.is_platforms]
OF_A_TENANT = [each for each in OF_ONE if not each.is_platforms]


@pytest.fixture
def endpoint(platform, shop) -> dict:
    return platform.post(PATH, {"url": shop.url, "description": "All of them"}).json()


@pytest.fixture
def acmes_endpoint(acmes, shop) -> dict:
    return acmes.post("webhook-endpoints", {"url": shop.url, "description": "The shop"}).json()


@pytest.fixture
def both_are_written_to(acme_whatsapp, globex_whatsapp, write, work, jobs, graph):
    """Ada writes to Acme and Grace to Globex, in turn, and what happened is delivered."""
    for number in range(2):
        write(f"Acme {number}", sender=ADA)
        write(f"Globex {number}", sender=GRACE, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
        work()
    jobs()


def asked(caller, operation, id: str) -> requests.Response:
    """The answer to an operation on the endpoint of this id."""
    path = operation.path.replace("{id}", id)
    return caller.call(operation.method, path, json=BODIES.get(operation.id))


def rows(db_rows) -> list:
    query = "SELECT to_jsonb(e) FROM messaging.webhook_endpoints e ORDER BY id"
    return db_rows.execute(query).fetchall()


def assert_out_of_reach(caller, operation, id: str, db_rows) -> None:
    """An operation on this endpoint is answered as one on none, and changes nothing."""
    before = rows(db_rows)
    foreign, nothing = asked(caller, operation, id), asked(caller, operation, NO_ID)

    assert (foreign.status_code, as_told(foreign)) == (404, as_told(nothing))
    assert rows(db_rows) == before


def test_the_events_of_all_tenants_come_each_with_its_tenant_signed_and_each_conversation_in_order(
    acme, globex, endpoint, shop, both_are_written_to
):
    types, messages = defaultdict(list), defaultdict(list)
    for received in shop.received:
        Webhook(endpoint["secret"]).verify(received.content, received.headers)
        types[received.data["tenant_id"]].append(received.body["type"])
        if received.body["type"] == "message.received":
            of = received.data["tenant_id"], received.data["conversation_id"]
            messages[of].append(received.data["message_id"])

    assert {tenant: sorted(told) for tenant, told in types.items()} == {
        str(acme.id): HAPPENED,
        str(globex.id): HAPPENED,
    }
    written = defaultdict(list)
    with operator_scope():
        for message in Message.objects.filter(direction="inbound").order_by("seq"):
            of = str(message.tenant_id), str(message.conversation_id)
            written[of].append(str(message.id))
    assert (messages, [len(each) for each in written.values()]) == (written, [2, 2])


def test_the_log_tells_the_requests_and_the_endpoint_that_it_is_not_behind(
    platform, endpoint, shop, both_are_written_to
):
    log = platform.items(f"{PATH}/{endpoint['id']}/deliveries")
    told = platform.get(f"{PATH}/{endpoint['id']}").json()

    assert [each["event_id"] for each in reversed(log)] == [str(each) for each in shop.ids()]
    assert {(each["outcome"], each["http_status"]) for each in log} == {("delivered", 200)}
    assert (told["events_behind"], told["status"]) == (0, "enabled")


@pytest.mark.parametrize("by", ["event", "since"])
def test_what_was_sent_of_all_tenants_is_sent_again(
    platform, endpoint, shop, both_are_written_to, jobs, by
):
    before = shop.ids()
    value = str(before[0]) if by == "event" else "2020-01-01T00:00:00Z"

    ordered = platform.post(f"{PATH}/{endpoint['id']}/replay", {by: value})
    jobs()

    assert (ordered.status_code, ordered.json()["events_behind"]) == (200, 2 * len(HAPPENED))
    assert shop.ids() == before * 2


def test_a_test_event_names_no_tenant(platform, endpoint, shop, jobs):
    sent = platform.post(f"{PATH}/{endpoint['id']}/test")
    jobs()

    (received,) = shop.received
    assert (sent.status_code, received.body["type"]) == (202, "webhook.test")
    assert received.data == {
        "id": sent.json()["event"],
        "tenant_id": None,
        "endpoint_id": endpoint["id"],
    }


def test_after_a_rotation_the_new_secret_and_the_old_one_sign(platform, endpoint, shop, jobs):
    rotated = platform.post(f"{PATH}/{endpoint['id']}/secret").json()["secret"]
    platform.post(f"{PATH}/{endpoint['id']}/test")
    jobs()

    (received,) = shop.received
    assert rotated != endpoint["secret"]
    for secret in (rotated, endpoint["secret"]):
        Webhook(secret).verify(received.content, received.headers)


def test_it_is_listed_read_changed_disabled_enabled_and_deleted(platform, endpoint):
    path = f"{PATH}/{endpoint['id']}"
    without_secret = {name: told for name, told in endpoint.items() if name != "secret"}

    listed, read = platform.items(PATH), platform.get(path).json()
    changed = platform.patch(path, {"types": ["message.received"], "status": "disabled"}).json()
    again = platform.patch(path, {"status": "enabled"}).json()
    gone = platform.call("DELETE", path)

    assert (listed, read) == ([without_secret], without_secret)
    assert (changed["types"], changed["status"]) == (["message.received"], "disabled")
    assert (again["status"], again["disabled_reason"]) == ("enabled", "")
    assert (gone.status_code, platform.get(path).status_code) == (204, 404)
    assert platform.items(PATH) == []


@pytest.mark.parametrize("operation", OF_THE_PLATFORM, ids=lambda each: each.id)
def test_an_endpoint_of_a_tenant_is_to_the_platform_as_one_that_is_not_there(
    operation, platform, endpoint, acmes_endpoint, db_rows
):
    assert_out_of_reach(platform, operation, acmes_endpoint["id"], db_rows)
    assert [each["id"] for each in platform.items(PATH)] == [endpoint["id"]]
    assert asked(platform, operation, endpoint["id"]).ok


@pytest.mark.parametrize("operation", OF_A_TENANT, ids=lambda each: each.id)
def test_an_endpoint_of_the_platform_is_to_a_tenant_as_one_that_is_not_there(
    operation, acmes, endpoint, acmes_endpoint, db_rows
):
    assert_out_of_reach(acmes, operation, endpoint["id"], db_rows)
    assert [each["id"] for each in acmes.items("webhook-endpoints")] == [acmes_endpoint["id"]]
    assert asked(acmes, operation, acmes_endpoint["id"]).ok


def test_a_tenants_key_and_none_are_refused(acmes, web, shop, db_rows):
    with_a_key = acmes.post(PATH, {"url": shop.url})
    without = requests.post(f"{web}/api/v1/{PATH}", json={"url": shop.url}, timeout=10)

    assert [(each.status_code, each.json()["code"]) for each in (with_a_key, without)] == [
        (403, "missing_scope"),
        (401, "no_key"),
    ]
    assert rows(db_rows) == []


def test_the_platform_has_twenty_endpoints_at_most_beside_those_of_tenants(
    platform, acmes_endpoint, shop
):
    codes = [platform.post(PATH, {"url": shop.url}).status_code for _ in range(21)]

    assert codes == [201] * 20 + [409]


def test_an_endpoint_that_cannot_be_is_refused(platform):
    refused = platform.post(PATH, {"url": "https://10.0.0.1/x"})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/url")
    assert platform.items(PATH) == []
