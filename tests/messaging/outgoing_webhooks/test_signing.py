"""Standard Webhooks to the letter: an independent implementation of the specification believes what
we sign.
"""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError
from uuid_utils.compat import uuid7

from channels_app.event_log import LoggedEvent
from messaging.outgoing_webhooks import addresses, endpoints
from messaging.outgoing_webhooks.bodies import LARGEST, content_of
from messaging.outgoing_webhooks.signing import new_secret, signed_headers
from tenants.scope import tenant_scope
from tests.messaging.outgoing_webhooks.happening import stream

NOW = datetime(2026, 11, 29, 12, 30, 15, 250_000, tzinfo=UTC)
TENANT = uuid7()


def event(**data):
    return LoggedEvent(
        id=uuid7(),
        tenant_id=TENANT,
        type="message.received",
        subject_id=stream("a1"),
        stream_id=stream("a"),
        data=data,
        occurred_at=NOW,
    )


def test_a_secret_is_whsec_and_the_base64_of_24_to_64_bytes_and_never_the_same():
    first, second = new_secret(), new_secret()

    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) == 32
    assert first != second


def test_the_example_of_the_specification_is_signed_as_it_says():
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@settings(deadline=None, max_examples=30)
@given(st.text(), st.integers(1, 2))
def test_what_is_signed_is_believed_with_each_of_its_secrets_and_with_no_other(text, number):
    secrets, now = [new_secret() for _ in range(number)], int(datetime.now(UTC).timestamp())
    body = json.dumps({"text": text}).encode()
    headers = signed_headers(secrets, uuid7(), now, body)

    for secret in secrets:
        assert Webhook(secret).verify(body, headers) == {"text": text}
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers)


def test_the_body_has_type_timestamp_and_data_with_the_event_and_its_tenant():
    logged = event(message_id="m1", text_length=3)
    content = content_of(logged)

    assert json.loads(content.body) == {
        "type": "message.received",
        "timestamp": "2026-11-29T12:30:15.250000Z",
        "data": {
            "message_id": "m1",
            "text_length": 3,
            "id": str(logged.id),
            "tenant_id": str(TENANT),
        },
    }


def test_a_time_of_another_zone_is_told_in_utc():
    logged = event()
    logged.occurred_at = NOW.astimezone().astimezone(tz=None) + timedelta(0)

    assert json.loads(content_of(logged).body)["timestamp"] == "2026-11-29T12:30:15.250000Z"


def test_no_data_names_another_event_or_tenant():
    logged = event(id="of another", tenant_id="of another")
    data = json.loads(content_of(logged).body)["data"]

    assert data == {"id": str(logged.id), "tenant_id": str(TENANT)}


@pytest.mark.parametrize("filling", ["x", "ä", "\U0001f600", '"'])
def test_a_body_is_under_20_kb_whatever_the_data(filling):
    small, large = event(text=filling * 2_000), event(text=filling * LARGEST)

    assert json.loads(content_of(small).body)["data"]["text"] == filling * 2_000
    assert len(content_of(large).body) < LARGEST
    assert json.loads(content_of(large).body)["data"] == {
        "id": str(large.id),
        "tenant_id": str(TENANT),
        "subject_id": str(stream("a1")),
        "is_shortened": True,
    }


def verified(secret, received):
    return Webhook(secret).verify(received.content, received.headers)


def test_a_subscriber_believes_a_delivery_with_the_secret_it_was_told(
    acme, subscriber, settings, db_rows, acme_happens, deliver
):
    address = addresses.checked(subscriber.url)
    with tenant_scope(acme.id):
        _, secret = endpoints.create(acme.id, address)
    (id,) = acme_happens("a1")
    deliver()

    (received,) = subscriber.received
    assert verified(secret, received)["data"] == {
        "name": "a1",
        "id": str(id),
        "tenant_id": str(acme.id),
    }
    assert received.headers["content-type"] == "application/json"


def test_after_a_rotation_both_secrets_sign_for_24_hours_and_then_the_new_one_alone(
    acme, endpoint, subscriber, acme_happens, deliver, time_passes
):
    with tenant_scope(acme.id):
        first = endpoints.rotate_secret(endpoint.id)
        second = endpoints.rotate_secret(endpoint.id)
    acme_happens("a1")
    deliver()
    time_passes(24 * 3600 + 1)
    acme_happens("a2")
    deliver()

    during, after = subscriber.received
    assert [verified(secret, during)["data"]["name"] for secret in (first, second)] == ["a1", "a1"]
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert verified(second, after)["data"]["name"] == "a2"
    assert len(after.headers["webhook-signature"].split(" ")) == 1
    with pytest.raises(WebhookVerificationError):
        verified(first, after)
