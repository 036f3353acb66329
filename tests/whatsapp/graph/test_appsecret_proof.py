"""Every call to the Graph API shows whose it is; neither that nor the token can be read again
anywhere.
"""

import hashlib
import logging
import traceback
from io import BytesIO, StringIO

import pytest

from channels_app.providers import MediaError, SendError
from tests.support.raw_http import answering, hang, http, server
from whatsapp.graph import client
from whatsapp.media import transfer
from whatsapp.message_templates import listing
from whatsapp.stand_in.files import HeldFile

pytestmark = pytest.mark.whatsapp

APP_SECRET, TOKEN = "the-secret-of-metas-app", "token-of-acme"
PROOF = "124337b51be52133bd3d942f149f0a2c8b3430352c7eccd2bf9b32fe05a7fced"
PHOTO = HeldFile(content=b"photo")


def send() -> None:
    client.send(
        "400",
        token=TOKEN,
        body={"type": "text", "text": {"body": "Hi"}},
        to="4670",
        reference="o1:x:1",
    )


def read_receipt() -> None:
    client.mark_read("400", token=TOKEN, body={"status": "read", "message_id": "wamid.1"})


def download() -> None:
    transfer.download("5550001", phone_number_id="400", token=TOKEN, into=BytesIO(), at_most=100)


def upload() -> None:
    transfer.upload(
        BytesIO(b"photo"),
        phone_number_id="400",
        token=TOKEN,
        mime_type="image/jpeg",
        filename="a.jpg",
    )


CALLS = [
    pytest.param(send, {}, id="a message"),
    pytest.param(read_receipt, {}, id="a read receipt"),
    pytest.param(
        lambda: client.phone_number("400", token=TOKEN),
        {"fields": client.NUMBER_FIELDS},
        id="a number",
    ),
    pytest.param(
        lambda: listing.list_templates("300", token=TOKEN),
        {"limit": "100", "fields": listing.FIELDS},
        id="a list of templates",
    ),
    pytest.param(download, {"phone_number_id": "400"}, id="a file's description"),
    pytest.param(upload, {}, id="a file handed over"),
]


@pytest.fixture
def metas_app(settings):
    settings.META_APP_SECRET = APP_SECRET


@pytest.mark.parametrize(("call", "query"), CALLS)
def test_every_call_carries_the_proof_of_its_token(call, query, graph, metas_app):
    graph.files["5550001"] = PHOTO
    call()

    assert (graph.asked[0].token, graph.asked[0].query) == (
        TOKEN,
        {**query, "appsecret_proof": PROOF},
    )


@pytest.mark.parametrize(("call", "query"), CALLS)
def test_without_the_apps_secret_there_is_no_proof(call, query, graph):
    graph.files["5550001"] = PHOTO
    call()

    assert (graph.asked[0].token, graph.asked[0].query) == (TOKEN, query)


def test_a_files_own_server_gets_no_proof(graph, metas_app):
    graph.files["5550001"] = PHOTO
    download()

    description, file = graph.asked
    assert (description.path, list(description.query)) == (
        "/5550001",
        ["phone_number_id", "appsecret_proof"],
    )
    assert (file.path[:15], file.token, file.query) == ("/files/5550001/", TOKEN, {})


def refusal_with(words: str):
    content = b'{"error": {"code": 190, "message": "%s"}}' % words.encode()
    return answering(http("401 Unauthorized", content))


@pytest.mark.parametrize("call", [send, upload])
def test_metas_words_are_told_without_what_was_secret(call, settings, metas_app):
    with server(refusal_with(f"{TOKEN} is none, {PROOF} is wrong, {APP_SECRET} too")) as url:
        settings.META_GRAPH_URL = url
        with pytest.raises((SendError, MediaError)) as caught:
            call()

    assert (
        str(caught.value).partition("(")[2]
        == "Graph error 190: [token] is none, [secret] is wrong, [secret] too)"
    )


@pytest.mark.parametrize("call", [send, upload, read_receipt])
@pytest.mark.parametrize("serve", [hang, answering(b""), answering(b"garbage\r\n\r\n")])
def test_no_failure_of_a_connection_tells_what_was_asked(
    call, serve, settings, metas_app, monkeypatch
):
    monkeypatch.setattr(transfer, "LEAST_SECONDS", 1.0)
    with server(serve) as url:
        settings.META_GRAPH_URL, settings.SEND_TIMEOUT_SECONDS = url, 1
        with pytest.raises((SendError, MediaError)) as caught:
            call()

    told = "".join(traceback.format_exception(caught.value))
    assert (TOKEN in told, PROOF in told, caught.value.__cause__) == (False, False, None)


def test_a_connection_never_made_tells_nothing_either(settings, metas_app):
    settings.META_GRAPH_URL = "http://127.0.0.1:1"
    with pytest.raises(SendError) as caught:
        send()

    assert PROOF in str(caught.value.__context__)  # so there was something to tell
    told = "".join(traceback.format_exception(caught.value))
    assert (TOKEN in told, PROOF in told) == (False, False)


@pytest.mark.parametrize(
    "speaks", [True, False], ids=["what the library would log", "what is logged"]
)
def test_no_log_holds_an_address_that_was_asked(speaks, graph, metas_app):
    written, root, library = StringIO(), logging.getLogger(), logging.getLogger("urllib3")
    handler, before = logging.StreamHandler(written), (root.level, library.propagate)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    library.propagate |= speaks
    try:
        send()
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        library.propagate = before[1]

    assert (PROOF in written.getvalue()) is speaks


def test_the_proof_is_metas_documented_hash(graph, metas_app):
    """Computed the long way, as RFC 2104 has it."""
    inner, outer = (
        bytes(byte ^ pad for byte in APP_SECRET.encode().ljust(64, b"\0")) for pad in (0x36, 0x5C)
    )
    digest = hashlib.sha256(outer + hashlib.sha256(inner + TOKEN.encode()).digest()).hexdigest()

    assert digest == PROOF
