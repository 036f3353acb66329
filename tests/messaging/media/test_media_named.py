"""What a file is called at Meta, and what the person who gets a document reads."""

from io import BytesIO

import pytest

from channels_app.content import Media as Shown
from channels_app.content import StoredFile
from messaging.media import transfer
from tests.messaging.media.outgoing import say, sent, through
from tests.support.photos import PHOTO
from tests.support.whatsapp.reported import read

pytestmark = pytest.mark.whatsapp

REPORT = read("upload_name_without_ending")


@pytest.mark.parametrize(
    ("put", "name"), [(REPORT["put"], "audio.ogg"), (REPORT["and"], "voice-note.ogg")]
)
def test_a_file_is_handed_to_meta_with_the_ending_of_its_type(
    acme, ada, work, jobs, graph, put, name
):
    kept = transfer.put(acme.id, BytesIO(PHOTO), **put)
    say(
        ada,
        Shown(
            kind="audio",
            file=StoredFile(id=kept.id, mime_type=kept.mime_type, size=kept.size),
            is_voice=True,
        ),
    )
    through(work, jobs)

    assert [(each["filename"], each["mime_type"]) for each in graph.uploads] == [
        (name, put["mime_type"])
    ]
    assert len(graph.ledger) == 1


def test_a_document_is_shown_as_it_was_named_with_an_ending(acme, ada, work, jobs, graph):
    kept = transfer.put(
        acme.id, BytesIO(PHOTO), kind="document", mime_type="application/pdf", filename="plans.doc"
    )
    file = StoredFile(id=kept.id, mime_type=kept.mime_type, size=kept.size)
    say(
        ada,
        Shown(kind="document", file=file, filename="Plans of May"),
        Shown(kind="document", file=file, filename="b.doc"),
    )
    through(work, jobs)

    assert [each["filename"] for each in graph.uploads] == ["plans.pdf"]
    assert [each["document"]["filename"] for each in sent(graph)] == ["Plans of May.pdf", "b.doc"]
