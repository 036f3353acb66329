"""A file that is sent: uploaded once for its channel, its messages wait for that, and the
conversation keeps its order.
"""

from io import BytesIO

import pytest

from channels_app.content import (
    Button,
    Buttons,
    Card,
    CardLink,
    Carousel,
    Fault,
    StoredFile,
    Text,
    Unsendable,
)
from channels_app.content import Media as Shown
from messaging.media import transfer
from messaging.models import Conversation, Media, Message
from tenants.scope import operator_scope
from tests.messaging.media.outgoing import picture, said, say, sent, through
from tests.support.cast import ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.photos import HASH, PHOTO
from tests.support.pointers import told
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


def test_a_file_that_is_kept_has_its_hash_its_size_and_its_bytes(acme, catalogue):
    assert (catalogue.sha256, catalogue.size, catalogue.status) == (HASH, len(PHOTO), "stored")
    with catalogue.file.open() as file:
        assert file.read() == PHOTO


def test_a_picture_waits_for_its_upload_and_leaves_with_the_id_that_meta_gave_it(
    acme, ada, catalogue, work, jobs, graph
):
    say(ada, picture(catalogue, "Here it is"))
    work()
    assert (said(acme), graph.ledger, graph.uploads) == ([("Here it is", "held")], [], [])
    with operator_scope():
        assert (
            Message.objects.get(direction="outbound").error
            == "It waits until its file is uploaded."
        )

    work()
    jobs()
    (upload,) = graph.uploads
    assert (upload["phone_number_id"], upload["token"], upload["sha256"]) == (
        ACME_NUMBER,
        "token-of-acme",
        HASH,
    )
    assert (upload["filename"], upload["mime_type"], graph.ledger) == ("cup.jpg", "image/jpeg", [])

    work()
    assert said(acme) == [("Here it is", "accepted")]
    assert sent(graph) == [{"image": {"id": upload["id"], "caption": "Here it is"}}]


def test_two_messages_with_one_file_are_one_upload_and_a_later_one_uses_its_id(
    acme, ada, catalogue, work, jobs, graph
):
    say(ada, picture(catalogue, "one"), picture(catalogue, "two"))
    through(work, jobs)
    say(ada, picture(catalogue, "three"))
    work()

    assert said(acme) == [("one", "accepted"), ("two", "accepted"), ("three", "accepted")]
    (upload,) = graph.uploads
    assert sent(graph) == [
        {"image": {"id": upload["id"], "caption": caption}} for caption in ("one", "two", "three")
    ]


def test_an_id_that_is_about_to_expire_is_not_used_and_the_file_is_uploaded_anew(
    acme, ada, catalogue, work, jobs, graph, db_rows
):
    say(ada, picture(catalogue))
    through(work, jobs)
    db_rows.execute(
        "UPDATE messaging.media_uploads SET asked_at = now() - interval '29 days', expires_at ="
        " now() + interval '30 seconds'"
    )
    say(ada, picture(catalogue))
    through(work, jobs)

    first, second = graph.uploads
    assert first["id"] != second["id"]
    assert sent(graph) == [{"image": {"id": first["id"]}}, {"image": {"id": second["id"]}}]


def test_an_upload_counts_for_29_days(acme, ada, catalogue, work, jobs, graph, db_rows):
    say(ada, picture(catalogue))
    through(work, jobs)

    days = (
        "SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int FROM"
        " messaging.media_uploads"
    )
    assert db_rows.execute(days).fetchall() == [(29,)]


def test_what_is_said_behind_a_picture_waits_with_it_and_keeps_its_place(
    acme, ada, catalogue, work, jobs, graph
):
    say(ada, picture(catalogue, "This one"), Text(body="Do you like it?"))
    work()
    work()
    assert said(acme) == [("This one", "held"), ("Do you like it?", "held")]
    with operator_scope():
        errors = (
            Message.objects.filter(direction="outbound")
            .order_by("seq")
            .values_list("error", flat=True)
        )
        assert list(errors) == [
            "It waits until its file is uploaded.",
            "It waits for the message before it.",
        ]
    say(ada, Text(body="Or not?"))
    through(work, jobs)

    assert [next(iter(content)) for content in sent(graph)] == ["image", "text", "text"]
    assert said(acme) == [
        ("This one", "accepted"),
        ("Do you like it?", "accepted"),
        ("Or not?", "accepted"),
    ]


def test_a_picture_that_waits_holds_up_nobody_elses_conversation(
    acme, ada, catalogue, write, work, jobs, graph
):
    say(ada, picture(catalogue))
    write("Hello", sender="4670000009")
    work()
    with operator_scope():
        grace = Conversation.objects.exclude(id=ada.id).get()
    say(grace, Text(body="Hello Grace"))
    work()

    assert sent(graph) == [{"text": {"body": "Hello Grace"}}]


def test_a_file_that_is_not_here_yet_or_another_tenants_is_refused_at_once(
    acme, globex, globex_whatsapp, ada, catalogue, write, photo, sends_photo, work, graph
):
    sends_photo(sender="4670000009")  # announced, and not fetched
    write("Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    with operator_scope():
        pending = Media.objects.get(status="pending")
        of_globex = Conversation.objects.get(channel=globex_whatsapp)
    for conversation, file in ((ada, pending), (of_globex, catalogue)):
        with pytest.raises(Unsendable) as refused:
            say(
                conversation,
                Shown(kind="image", file=StoredFile(id=file.id, mime_type="image/jpeg", size=9)),
            )
        assert told(refused.value.faults) == told(
            [Fault("The file is not kept here: store it first.", "/file")]
        )

    say(ada, picture(catalogue))
    assert (said(acme), said(globex)) == ([("", "queued")], [])


def test_each_channel_has_its_own_upload(acme, ada, catalogue, write, work, jobs, graph):
    connect(acme, "400000000000003", "300000000000003", "second-token")
    write("Hello", number="400000000000003", account="300000000000003")
    work()
    with operator_scope():
        other = Conversation.objects.exclude(id=ada.id).get()
    say(ada, picture(catalogue))
    say(other, picture(catalogue))
    through(work, jobs)

    by_number = {upload["phone_number_id"]: upload["id"] for upload in graph.uploads}
    assert (len(graph.uploads), sorted(by_number)) == (2, [ACME_NUMBER, "400000000000003"])
    assert {
        entry["phone_number_id"]: entry["message"]["image"]["id"] for entry in graph.ledger
    } == by_number


def test_a_file_above_buttons_is_uploaded_and_named_where_it_stands(
    acme, ada, catalogue, work, jobs, graph
):
    yes = Button(id="yes", title="Yes")
    say(ada, Buttons(header=picture(catalogue), body="This one?", buttons=(yes,)))
    through(work, jobs)

    (upload,) = graph.uploads
    (shown,) = sent(graph)
    assert said(acme) == [("This one?\nYes", "accepted")]
    assert shown["interactive"]["header"] == {"type": "image", "image": {"id": upload["id"]}}


def test_two_files_in_one_message_are_refused(acme, ada, catalogue):
    other = transfer.put(
        acme.id, BytesIO(PHOTO), kind="image", mime_type="image/jpeg", filename="plate.jpg"
    )
    link = CardLink(title="See", url="https://shop.example/cup")
    cards = tuple(Card(media=picture(each), body="Cup", link=link) for each in (catalogue, other))
    with pytest.raises(Unsendable) as refused:
        say(ada, Carousel(body="Cups and plates", cards=cards))

    assert told(refused.value.faults) == told(
        [
            Fault(
                "The message has more than one file of ours: name the others by an id or a link.",
                "/cards/1/media/file",
            )
        ]
    )
