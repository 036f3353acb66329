"""Whatever people write, name themselves, attach or share is kept as words: nothing is run, opened,
fetched or believed.
"""

import select
import socket

import pytest

from messaging.models import Contact, ContactIdentity, Message
from tenants.scope import tenant_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GRACE, REPLY, thread_of
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

NAMES = [
    pytest.param("<img src=x onerror=alert(1)>", id="HTML"),
    pytest.param("\u202eevil\u2066", id="letters that turn the direction"),
    pytest.param("'; DROP TABLE messages; --", id="SQL"),
    pytest.param("{{7*7}}{% debug %}%s%(x)s", id="templates"),
    pytest.param('=cmd|"/c calc"!A0', id="a spreadsheet's formula"),
    pytest.param("../../../etc/passwd", id="a path"),
]


@pytest.mark.parametrize("words", NAMES)
def test_a_name_and_a_text_are_only_words(acme, acme_whatsapp, deliver, work, graph, words):
    value = bodies.value(ACME_NUMBER, messages=(bodies.text(words),), name=words)
    assert deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value))).status_code == 200
    work()

    assert thread_of(acme) == [("inbound", words, "received"), ("outbound", REPLY, "accepted")]
    with tenant_scope(acme.id):
        assert Contact.objects.get().name == words


def test_a_name_of_10000_characters_is_cut(acme, acme_whatsapp, deliver, work, graph):
    value = bodies.value(ACME_NUMBER, messages=(bodies.text(),), name="å" * 10_000)
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))
    work()

    with tenant_scope(acme.id):
        assert Contact.objects.get().name == "å" * 256


@pytest.mark.parametrize(
    "filename",
    ["../../x", "a.pdf\x00.exe", "/etc/passwd"],
    ids=["a path upwards", "an ending behind NUL", "a path from the root"],
)
def test_a_file_name_is_kept_as_words_and_never_a_path(
    acme, acme_whatsapp, deliver, work, graph, filename
):
    document = {"id": "1", "filename": filename, "mime_type": "text/html", "caption": "see"}
    value = bodies.value(
        ACME_NUMBER, messages=({**bodies.text(), "type": "document", "document": document},)
    )
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))
    work()

    with tenant_scope(acme.id):
        message = Message.objects.get(direction="inbound")
        assert (message.kind, message.text) == ("document", "see")
        assert message.raw["document"] == {
            **document,
            "filename": filename.replace("\x00", "\ufffd"),
        }


def test_no_address_in_a_body_is_ever_fetched(acme, acme_whatsapp, deliver, work, graph):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        media = {"id": "1", "url": address, "link": address, "sha256": "x"}
        referral = {
            "source_url": address,
            "image_url": address,
            "video_url": address,
            "thumbnail_url": address,
        }
        image = {**bodies.text(), "type": "image", "image": media, "referral": referral}
        deliver(
            bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(image,))))
        )
        work()
        assert select.select([listener], [], [], 0.2)[0] == []

        with socket.create_connection(listener.getsockname()):
            assert select.select([listener], [], [], 5)[0] == [listener]
    assert thread_of(acme) == [("inbound", "", "received"), ("outbound", REPLY, "accepted")]


def test_a_contact_card_binds_no_identity(acme, acme_whatsapp, deliver, work, graph):
    card = {
        "name": {"formatted_name": "Grace"},
        "phones": [{"phone": f"+{GRACE}", "wa_id": GRACE}],
        "origin": "other",
    }
    message = {**bodies.text(sender=ADA), "type": "contacts", "contacts": [card]}
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(message,))))
    )
    work()

    with tenant_scope(acme.id):
        assert list(ContactIdentity.objects.values_list("kind", "value")) == [("wa_id", ADA)]
