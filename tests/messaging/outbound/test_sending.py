"""What Acme says reaches Graph as it was composed, in its order, addressed to the id that the
contact wrote from.
"""

from typing import Any

import pytest

from channels_app.content import (
    Button,
    Buttons,
    Carousel,
    Media,
    StoredFile,
    Template,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    Unsendable,
)
from messaging.media import transfer
from messaging.models import Message
from messaging.outbound import submit
from tenants.scope import operator_scope
from tests.support.cast import ADA
from tests.support.whatsapp.contents import LINK, PHOTO, YES_NO, card
from tests.support.whatsapp.said import LISTED, SAID
from whatsapp.sending.compose import BUILDERS, compose

pytestmark = pytest.mark.whatsapp

BSUID = "SE.1001"


def test_there_is_an_example_of_all_that_can_be_said():
    assert {type(content) for content, *_ in SAID} == set(BUILDERS)


@pytest.mark.parametrize(
    ("content", "kind", "text", "preview"), SAID, ids=[type(each[0]).__name__ for each in SAID]
)
def test_what_is_said_leaves_as_it_was_composed_and_its_row_tells_it(
    ada, approve, say, work, graph, content, kind, text, preview
):
    approve("order_ready", *LISTED, parameter_format="NAMED")
    queued = say(content, ada, origin="api")
    work()

    (sent,) = graph.ledger
    assert sent["message"] == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": ADA,
        "biz_opaque_callback_data": f"o1:{queued.id}:1",
        **compose(content),
    }
    with operator_scope():
        row = Message.objects.get(direction="outbound")
    assert (row.kind, row.text, row.preview, row.origin) == (kind, text, preview, "api")
    assert (row.id, row.status, row.external_id, row.attempts) == (
        queued.id,
        "accepted",
        sent["wamid"],
        1,
    )


def test_an_answer_names_the_message_that_it_answers(ada, say, work, graph):
    say("To what you said", ada, quoting="wamid.ada")
    work()

    assert graph.ledger[0]["message"]["context"] == {"message_id": "wamid.ada"}
    with operator_scope():
        assert Message.objects.get(direction="outbound").quoted_external_id == "wamid.ada"


def test_messages_leave_in_the_order_in_which_they_were_said(ada, say, write, work, graph):
    for text in ("one", "two", "three"):
        say(text, ada)
    write("And one more")
    say("four", ada)
    work()
    say("five", ada)
    work()

    assert [sent["message"]["text"]["body"] for sent in graph.ledger] == [
        "one",
        "two",
        "three",
        "four",
        "five",
    ]


CARDS = tuple(
    TemplateCard(components=(TemplateHeader(values=(each,)),))
    for each in (PHOTO, Media(kind="image", link=LINK))
)
HOLDERS = {
    "by itself": (lambda file: file, ("image",)),
    "above buttons": (
        lambda file: Buttons(body="Tea?", header=file, buttons=YES_NO),
        ("interactive", "header", "image"),
    ),
    "above a template": (
        lambda file: Template(
            name="new", language="en", components=(TemplateHeader(values=(file,)),)
        ),
        ("template", "components", 0, "parameters", 0, "image"),
    ),
    "on a card": (
        lambda file: Carousel(body="Teas", cards=(card(), card(media=file))),
        ("interactive", "action", "cards", 1, "header", "image"),
    ),
    "on a template's card": (
        lambda file: Template(
            name="cards",
            language="en",
            components=(
                TemplateCards(
                    cards=(CARDS[0], TemplateCard(components=(TemplateHeader(values=(file,)),)))
                ),
            ),
        ),
        ("template", "components", 0, "cards", 1, "components", 0, "parameters", 0, "image"),
    ),
}


@pytest.mark.parametrize("where", HOLDERS)
def test_a_file_of_ours_is_uploaded_first_and_its_id_stands_where_the_file_is_shown(
    acme, ada, approve, say, work, jobs, graph, tmp_path, where
):
    holding, place = HOLDERS[where]
    photo = {"type": "HEADER", "format": "IMAGE"}
    approve("new", photo)
    approve("cards", {"type": "CAROUSEL", "cards": [{"components": [photo]}] * 2})
    queued = say(holding(photo_of(acme, tmp_path)), ada)
    work()
    assert graph.ledger == []
    for step in (work, jobs, work):
        step()

    (sent,), (upload,) = graph.ledger, graph.uploads
    shown: Any = sent["message"]
    for key in place:
        shown = shown[key]
    assert (shown, str(sent).count(upload["id"])) == ({"id": upload["id"]}, 1)
    assert sent["message"]["biz_opaque_callback_data"] == f"o1:{queued.id}:1"


def photo_of(acme: Any, folder: Any) -> Media:
    (folder / "photo.png").write_bytes(b"a photo")
    with (folder / "photo.png").open("rb") as file:
        kept = transfer.put(
            acme.id, file, kind="image", mime_type="image/png", filename="photo.png"
        )
    return Media(
        kind="image", file=StoredFile(id=kept.id, mime_type=kept.mime_type, size=kept.size)
    )


def test_a_file_that_another_tenant_keeps_is_not_here(
    acme, globex, ada, say, faults, jobs, tmp_path
):
    theirs = photo_of(globex, tmp_path)
    assert faults(theirs, ada) == ("The file is not kept here: store it first.",)
    with operator_scope(), pytest.raises(Unsendable):
        submit.send(ada, theirs, origin="staff")

    ours = photo_of(acme, tmp_path)
    two = Buttons(body="Tea?", header=ours, buttons=(Button(id="1", title="Yes"),))
    say(two, ada)
    both = Carousel(body="Teas", cards=(card(media=ours), card(media=photo_of(acme, tmp_path))))
    assert faults(both, ada) == (
        "The message has more than one file of ours: name the others by an id or a link.",
    )
