"""POST: the door takes what is provably Meta's, byte for byte, and nothing else. A refusal gives no
reason.
"""

import gzip
import hashlib
import hmac
import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import requests
from django.db import IntegrityError, OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from messaging.models import WebhookDelivery
from tenants.scope import operator_scope
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY, thread_of
from tests.support.outcomes import bodies_of
from tests.support.whatsapp import bodies, corpus
from tests.support.whatsapp.channel import PREVIOUS_SECRET, SECRET
from whatsapp.webhooks.signature import sign

pytestmark = pytest.mark.whatsapp

BODY = bodies.webhook(
    bodies.entry(
        ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(bodies.text(wamid="wamid.door"),))
    )
)
SIGNED = sign(BODY, SECRET)
DIGITS = SIGNED.removeprefix("sha256=")
SHA1 = "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()
MIB = 1024 * 1024
ESCAPED = corpus.read("061")


def post(
    web: str, body: bytes = BODY, address: str = "/api/webhooks/whatsapp", **headers: str | bytes
) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.post(web + address, data=body, headers=named, timeout=30, allow_redirects=False)


def answer(response: requests.Response) -> tuple[int, bytes]:
    return response.status_code, response.content


@pytest.mark.parametrize(
    "slash", ["", "/"], ids=["without a trailing slash", "with a trailing slash"]
)
def test_a_genuine_webhook_is_stored_and_answered_200_with_no_word(web, db_rows, slash):
    response = post(web, BODY, f"/api/webhooks/whatsapp{slash}", X_Hub_Signature_256=SIGNED)

    assert answer(response) == (200, b"")
    assert bodies_of(db_rows) == [("whatsapp", BODY)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="no signature"),
        pytest.param({"X_Hub_Signature": SHA1}, 401, id="only the legacy signature by SHA-1"),
        pytest.param({"X_Hub_Signature_256": SHA1}, 401, id="SHA-1 under the name of SHA-256"),
        pytest.param(
            {"X_Hub_Signature": SIGNED}, 401, id="a right signature under the legacy name"
        ),
        pytest.param({"X_Hub_Signature_256": ""}, 401, id="an empty header"),
        pytest.param({"X_Hub_Signature_256": "sha256="}, 401, id="a prefix and no digits"),
        pytest.param({"X_Hub_Signature_256": "sha256=zz"}, 401, id="letters that are no digits"),
        pytest.param({"X_Hub_Signature_256": SIGNED[:-1]}, 401, id="63 digits"),
        pytest.param({"X_Hub_Signature_256": SIGNED + "0"}, 401, id="65 digits"),
        pytest.param({"X_Hub_Signature_256": DIGITS}, 401, id="right digits without the prefix"),
        pytest.param({"X_Hub_Signature_256": f"SHA256={DIGITS}"}, 401, id="the prefix in capitals"),
        pytest.param(
            {"X_Hub_Signature_256": b"sha256=" + b"\xe9" * 64}, 401, id="bytes that are not ASCII"
        ),
        pytest.param(
            {"X_Hub_Signature_256": b"sha256=" + "１".encode() * 64},
            401,
            id="digits of another script",
        ),
        pytest.param(
            {"X_Hub_Signature_256": f"{SIGNED}, {SIGNED}"}, 401, id="two signatures in one header"
        ),
        pytest.param(
            {"X_Hub_Signature_256": sign(BODY, "the secret of another app")},
            403,
            id="another app's secret",
        ),
        pytest.param({"X_Hub_Signature_256": sign(BODY, "")}, 403, id="an empty secret"),
        pytest.param(
            {"X_Hub_Signature_256": f"sha256={DIGITS.upper()}"}, 403, id="digits in capitals"
        ),
        pytest.param({"X_Hub_Signature_256": "sha256=" + "0" * 64}, 403, id="64 zeros"),
    ],
)
def test_what_is_not_provably_metas_is_refused_and_not_stored(web, db_rows, headers, status):
    assert answer(post(web, **headers)) == (status, b"")
    assert bodies_of(db_rows) == []


@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        pytest.param(BODY, BODY + b"\n", id="a newline was added"),
        pytest.param(BODY, BODY[:-1], id="the last byte is gone"),
        pytest.param(BODY, b"", id="nothing is left of it"),
        pytest.param(BODY, BODY.replace(b"Hello", b"Hullo"), id="a letter was changed"),
        pytest.param(
            ESCAPED,
            json.dumps(json.loads(ESCAPED), ensure_ascii=False).encode(),
            id="a proxy wrote it anew",
        ),
        pytest.param(b"", BODY, id="the signature is of an empty body"),
    ],
)
def test_a_signature_proves_these_bytes_and_no_others(web, db_rows, signed, sent):
    assert answer(post(web, sent, X_Hub_Signature_256=sign(signed, SECRET))) == (403, b"")
    assert bodies_of(db_rows) == []


@pytest.mark.parametrize(
    "signatures",
    [
        pytest.param([SIGNED, "sha256=0"], id="the right one first"),
        pytest.param(["sha256=0", SIGNED], id="the right one last"),
    ],
)
def test_of_two_signature_headers_none_is_taken(web, db_rows, signatures):
    connection = http.client.HTTPConnection(web.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/api/webhooks/whatsapp")
    for signature in signatures:
        connection.putheader("X-Hub-Signature-256", signature)
    connection.putheader("Content-Length", str(len(BODY)))
    connection.endheaders(BODY)
    response = connection.getresponse()

    assert (response.status, response.read()) == (401, b"")
    assert bodies_of(db_rows) == []
    connection.close()


def test_the_secret_before_the_rotation_still_opens(web, db_rows):
    assert answer(post(web, X_Hub_Signature_256=sign(BODY, PREVIOUS_SECRET))) == (200, b"")
    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def test_an_old_webhook_that_is_played_again_is_answered_200_and_brings_nothing_new(
    acme, acme_whatsapp, deliver, work, graph
):
    for _ in range(2):
        assert answer(deliver(BODY)) == (200, b"")
        work()

    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]
    assert len(graph.ledger) == 1


@pytest.mark.parametrize(
    ("size", "status"),
    [
        pytest.param(2_700_000, 200, id="2.7 MB, above Django's own limit"),
        pytest.param(8 * MIB, 200, id="8 MiB"),
        pytest.param(8 * MIB + 1, 413, id="8 MiB and a byte"),
    ],
)
def test_a_webhook_may_be_8_mib_large(web, db_rows, size, status):
    body = BODY.ljust(size)

    assert answer(post(web, body, X_Hub_Signature_256=sign(body, SECRET))) == (status, b"")
    assert [len(stored) for _, stored in bodies_of(db_rows)] == [size] * (status == 200)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_compressed_body_is_refused_and_never_inflated(web, db_rows, encoding):
    body = gzip.compress(BODY)
    response = post(web, body, X_Hub_Signature_256=sign(body, SECRET), Content_Encoding=encoding)

    assert answer(response) == (415, b"")
    assert bodies_of(db_rows) == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Content_Type": "text/plain"}, id="text"),
        pytest.param({"Content_Type": "application/x-www-form-urlencoded"}, id="a form"),
        pytest.param({"Content_Type": "multipart/form-data; boundary=x"}, id="a form with files"),
        pytest.param(
            {"Content_Type": "application/json; charset=no-such"},
            id="JSON in an unknown character set",
        ),
        pytest.param({"Content_Type": ""}, id="no type"),
        pytest.param({"Accept": "application/xml"}, id="an answer in XML is wanted"),
        pytest.param({"Accept": "no type at all"}, id="a broken Accept header"),
        pytest.param(
            {"Cookie": "sessionid=x; csrftoken=y", "Origin": "https://elsewhere.example"},
            id="cookies of others",
        ),
    ],
)
def test_only_the_signature_counts(web, db_rows, headers):
    assert answer(post(web, X_Hub_Signature_256=SIGNED, **headers)) == (200, b"")
    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def test_a_query_in_the_address_changes_nothing(web, db_rows):
    response = post(
        web, BODY, "/api/webhooks/whatsapp?format=xml&kind=other", X_Hub_Signature_256=SIGNED
    )

    assert answer(response) == (200, b"")
    assert bodies_of(db_rows) == [("whatsapp", BODY)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="none"),
        pytest.param(b"\x00\xff\xfe not text", id="bytes that are no text"),
        pytest.param(
            b' {"b":1,\r\n"a":\t1.0, "a":2}\n', id="JSON with its spaces, its order and its doubles"
        ),
        pytest.param("å".encode("utf-16"), id="UTF-16"),
    ],
)
def test_the_bytes_are_kept_exactly_as_they_came(web, db_rows, body):
    assert answer(post(web, body, X_Hub_Signature_256=sign(body, SECRET))) == (200, b"")
    assert bodies_of(db_rows) == [("whatsapp", body)]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_allowed(web, db_rows, method):
    headers = {"X-Hub-Signature-256": SIGNED}
    response = requests.request(
        method, f"{web}/api/webhooks/whatsapp", data=BODY, headers=headers, timeout=10
    )

    assert answer(response) == (405, b"")
    assert bodies_of(db_rows) == []


def test_a_webhook_of_an_unknown_kind_is_not_found(web, db_rows):
    assert answer(post(web, BODY, "/api/webhooks/telegram", X_Hub_Signature_256=SIGNED)) == (
        404,
        b"",
    )
    assert bodies_of(db_rows) == []


@contextmanager
def locked_table(name: str) -> Iterator[None]:
    with psycopg.connect(database.superuser_url(name)) as holder:
        holder.execute("LOCK TABLE messaging.webhook_deliveries")
        yield
        holder.rollback()


@contextmanager
def no_connections(name: str) -> Iterator[None]:
    with psycopg.connect(database.superuser_url(name), autocommit=True) as superuser:
        superuser.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
        try:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND"
                " usename = %s",
                [name, database.RUNTIME],
            )
            yield
        finally:
            superuser.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(locked_table, id="its table is locked"),
        pytest.param(no_connections, id="it takes no connections"),
    ],
)
def test_while_the_database_cannot_store_the_answer_is_503_and_then_200(
    web, db_rows, database_name, trouble
):
    with trouble(database_name):
        assert answer(post(web, X_Hub_Signature_256=SIGNED)) == (503, b"")
        assert answer(post(web, X_Hub_Signature_256=sign(BODY, "the secret of another app"))) == (
            403,
            b"",
        )
    assert bodies_of(db_rows) == []

    assert answer(post(web, X_Hub_Signature_256=SIGNED)) == (200, b"")
    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def test_a_kept_connection_that_is_gone_costs_no_webhook(db_rows):
    WebhookDelivery.store("whatsapp", BODY)
    kept = connection.connection.info.backend_pid
    assert db_rows.execute("SELECT pg_terminate_backend(%s, 5000)", [kept]).fetchone() == (True,)

    connection.close_if_unusable_or_obsolete()  # as at the beginning of a request
    WebhookDelivery.store("whatsapp", BODY)

    assert bodies_of(db_rows) == [("whatsapp", BODY)] * 2
    assert connection.connection.info.backend_pid != kept


def test_a_webhook_whose_commit_was_never_confirmed_is_recorded_once(
    acme, acme_whatsapp, work, graph, db_rows
):
    asked = []

    def loses_its_answer(execute, *arguments):
        result = execute(*arguments)
        asked.append(result)
        if len(asked) == 1:
            connection.connection.close()
            raise OperationalError("The connection was closed.")
        return result

    with connection.execute_wrapper(loses_its_answer):
        WebhookDelivery.store("whatsapp", BODY)
    assert bodies_of(db_rows) == [("whatsapp", BODY)] * 2

    work()
    assert [kind for kind, *_ in thread_of(acme)] == ["inbound", "outbound"]


def test_a_webhook_that_the_database_refuses_is_not_offered_to_it_again(db_rows):
    db_rows.execute("ALTER TABLE messaging.webhook_deliveries ADD CHECK (kind <> 'whatsapp')")
    try:
        with CaptureQueriesContext(connection) as asked, pytest.raises(IntegrityError):
            WebhookDelivery.store("whatsapp", BODY)
    finally:
        db_rows.execute(
            "ALTER TABLE messaging.webhook_deliveries DROP CONSTRAINT webhook_deliveries_kind_check"
        )
    assert len(asked) == 1


def test_storing_a_webhook_asks_first_of_no_kept_connection_whether_it_works(db_rows, monkeypatch):
    with operator_scope():
        pass  # connected
    asked = []
    wrapper = type(connections["default"])
    monkeypatch.setattr(wrapper, "is_usable", lambda each: asked.append(each) or True)

    connection.close_if_unusable_or_obsolete()  # as at the beginning of a request
    WebhookDelivery.store("whatsapp", BODY)
    assert len(asked) == 0

    connection.close_if_unusable_or_obsolete()
    with operator_scope():
        pass
    assert len(asked) == 1
