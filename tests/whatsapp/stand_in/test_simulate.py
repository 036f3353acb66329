"""`simulate_message`: every kind of message, through the real web process, is what a person's own
would be.
"""

import base64
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from channels_app.models import Channel
from messaging.models import Contact, Media, Message, WebhookDelivery
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.photos import HASH, PHOTO, on_disk
from tests.support.whatsapp.channel import connect
from whatsapp.stand_in.sample import examples

pytestmark = pytest.mark.whatsapp

ADAS_BSUID = "US.13491208655302741918"
WAMID = "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MEM2RUJFNkI0RENGQTVDRjUA"
SHA256 = base64.b64encode(bytes.fromhex(HASH)).decode()
NAMES = "\n".join(examples())
OF_MESSAGES = {
    name: body
    for name, body in examples().items()
    if "messages" in body["entry"][0]["changes"][0]["value"]
}


@pytest.fixture
def simulate(acme_whatsapp, web, graph, settings):
    """Ada writes to Acme: simulate("Hello"), or any arguments of the command; what it says on
    stdout.
    """
    settings.PUBLIC_URL = web

    def simulate(*arguments: str, sender: str = ADA) -> str:
        said = StringIO()
        call_command(
            "simulate_message", "--tenant", "acme", "--from", sender, *arguments, stdout=said
        )
        return said.getvalue()

    return simulate


@pytest.fixture
def refused(simulate):
    """The sentence that the command ends with; nothing has come to the webhook."""

    def refused(*arguments: str, **more: str) -> str:
        with pytest.raises(CommandError) as caught:
            simulate(*arguments, **more)
        with operator_scope():
            assert WebhookDelivery.objects.count() == 0
        return str(caught.value)

    return refused


@pytest.fixture
def stored(simulate, work):
    """The message that is stored of what Ada sends."""

    def stored(*arguments: str, **more: str) -> Message:
        told = json.loads(simulate(*arguments, **more).splitlines()[-1])
        work()
        with operator_scope():
            message = Message.objects.select_related("attachment").get(direction="inbound")
        assert told == {"status": 200, "external_id": message.external_id}
        return message

    return stored


def name_of_ada() -> list[str]:
    with operator_scope():
        return list(Contact.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("arguments", "kind", "text"),
    [
        pytest.param(["Is it in stock?"], "text", "Is it in stock?", id="text"),
        pytest.param(["--button", "Yes"], "interactive", "Yes", id="button"),
        pytest.param(["--list", "Express"], "interactive", "Express", id="list"),
        pytest.param(["--location", "52.52,13.405", "Shop"], "location", "Shop", id="named place"),
        pytest.param(["--location=-33.86,151.2"], "location", "-33.86, 151.2", id="place"),
        pytest.param(["--reaction", "👍", "--to", WAMID], "reaction", "👍", id="reaction"),
        pytest.param(["--reaction", "", "--to", WAMID], "reaction", "", id="reaction taken back"),
    ],
)
def test_what_is_said_is_stored_as_its_kind_from_a_person_with_that_name(
    stored, arguments, kind, text
):
    message = stored("--name", "Ada Lovelace", *arguments)

    assert (message.kind, message.text, message.attachment, name_of_ada()) == (
        kind,
        text,
        None,
        ["Ada Lovelace"],
    )


def test_a_reaction_is_aimed_at_its_message(stored):
    assert stored("--reaction", "👍", "--to", WAMID).target_external_id == WAMID


@pytest.mark.parametrize("what", [["Yes, two"], ["--button", "Yes"], ["--example", "image"]])
def test_any_message_can_quote_another(stored, what):
    assert stored("--quote", WAMID, *what).quoted_external_id == WAMID


@pytest.mark.parametrize(
    ("kind", "name", "mime_type", "caption"),
    [
        ("image", "photo.jpg", "image/jpeg", "Is it this one?"),
        ("document", "Rechnung März.pdf", "application/pdf", "My bill"),
        ("document", "without an ending", "application/octet-stream", ""),
        ("video", "cup.MP4", "video/mp4", "Look"),
        ("audio", "voice.ogg", "audio/ogg", ""),
        ("audio", "voice.mp4", "audio/mp4", ""),
        ("sticker", "cup.webp", "image/webp", ""),
    ],
)
def test_a_file_arrives_in_the_storage_by_the_real_fetch(
    stored, jobs, tmp_path, tmp_path_factory, kind, name, mime_type, caption
):
    path = tmp_path_factory.mktemp("ada") / name
    path.write_bytes(PHOTO)
    message = stored(f"--{kind}", str(path), *filter(None, [caption]))
    jobs()

    with operator_scope():
        file = Media.objects.get()
    assert (message.kind, message.text, message.attachment_id) == (kind, caption, file.id)
    assert (file.status, file.mime_type, file.size) == ("stored", mime_type, len(PHOTO))
    assert file.filename == (name if kind == "document" else "")
    assert (list(on_disk(tmp_path).values()), message.raw[kind]["sha256"]) == ([PHOTO], SHA256)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--image", "/nowhere/photo.jpg"],
            "/nowhere/photo.jpg cannot be read: No such file or directory.",
        ),
        (
            ["--image", "bill.pdf"],
            "--image takes a file of the type image; by its name, bill.pdf is application/pdf.",
        ),
        (
            ["--sticker", "cup.png"],
            "--sticker takes a file of the type image/webp; by its name, cup.png is image/png.",
        ),
    ],
)
def test_a_file_that_is_none_of_the_kind_is_refused(refused, graph, arguments, sentence):
    assert (refused(*arguments), graph.uploads) == (sentence, [])


def test_a_file_that_the_stand_in_does_not_take_is_said(refused, graph):
    graph.upload_script.append({"code": 190, "http": 401})

    assert refused("--document", __file__).startswith(
        f"The stand-in at {graph.url} did not take the file: "
    )


def test_no_file_is_simulated_against_the_real_graph_api(refused, settings):
    settings.META_GRAPH_URL = "https://graph.facebook.com"

    assert (
        refused("--document", __file__)
        == "A file cannot be simulated against the real Graph API, which gives files of WhatsApp's"
        " people alone. Start the stand-in (manage.py graph_stand_in) and set META_GRAPH_URL to"
        " its address."
    )


def test_the_file_of_metas_image_is_nowhere_to_be_fetched(stored, jobs):
    stored("--example", "image")
    jobs()

    with operator_scope():
        assert Media.objects.get().status == "expired"


@pytest.mark.parametrize("name", OF_MESSAGES)
def test_each_of_metas_messages_is_stored_with_ids_of_its_own(stored, name):
    message = stored("--example", name.upper(), "--name", "Ada Lovelace")
    (of_meta,) = OF_MESSAGES[name]["entry"][0]["changes"][0]["value"]["messages"]

    assert (message.kind, message.external_id == of_meta["id"]) == (of_meta["type"], False)
    assert abs(message.sent_at.timestamp() - message.created_at.timestamp()) < 60
    with operator_scope():
        known = sorted(Contact.objects.values_list("identities__value", "name"))
    assert known == (
        [("12195555358", ""), (ADA, "")] if name == "System Message" else [(ADA, "Ada Lovelace")]
    )


def test_metas_notice_of_a_changed_number_changes_adas(simulate, work):
    simulate("Hello", "--name", "Ada Lovelace")
    work()
    simulate("--example", "system")
    work()

    with operator_scope():
        assert sorted(Contact.objects.values_list("name", "identities__value")) == [
            ("Ada Lovelace", "12195555358"),
            ("Ada Lovelace", ADA),
        ]


@pytest.mark.parametrize("name", sorted(examples().keys() - OF_MESSAGES.keys()))
def test_an_example_that_is_no_message_is_taken_in_and_has_no_id(simulate, work, name):
    said = simulate("--example", name)
    work()

    with operator_scope():
        delivery = WebhookDelivery.objects.get()
    entry = json.loads(bytes(delivery.body))["entry"][0]
    value = entry["changes"][0]["value"]
    assert (json.loads(said), delivery.processed_at is None) == ({"status": 200}, False)
    assert (entry["id"], value["metadata"]["phone_number_id"]) == (ACME_ACCOUNT, ACME_NUMBER)
    assert int(value["groups"][0]["timestamp"]) > 1_790_000_000


def test_as_much_of_a_name_as_is_unique_is_enough(stored):
    assert stored("--example", "interactive b").text == "Cancel"


def test_the_names_are_listed_without_a_tenant():
    said = StringIO()
    call_command("simulate_message", "--example", "list", stdout=said)

    assert said.getvalue() == f"{NAMES}\n"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("poem", f"None of Meta's examples is called 'poem'. They are:\n{NAMES}"),
        (
            "Interactive",
            (
                "2 of Meta's examples begin with 'Interactive'. They are:\nInteractive List Reply"
                " Message\nInteractive Button Reply Message"
            ),
        ),
    ],
)
def test_a_name_of_no_example_or_of_several_is_refused(refused, given, sentence):
    assert refused("--example", given) == sentence


def test_somebody_without_a_phone_number_writes_by_their_bsuid(stored):
    message = stored("Hello", sender=ADAS_BSUID)

    with operator_scope():
        assert list(Contact.objects.values_list("identities__kind", "identities__value")) == [
            ("bsuid", ADAS_BSUID)
        ]
    assert message.text == "Hello"


def test_the_number_that_a_channel_is_known_by_stays(stored):
    with operator_scope():
        Channel.objects.update(phone_number="4940123456")
    stored("Hello")

    with operator_scope():
        assert Channel.objects.get().phone_number == "4940123456"


KINDS = (
    "--image, --document, --audio, --video, --sticker, --button, --list, --location, --reaction,"
    " --example"
)
PLACE = (
    "--location takes LATITUDE,LONGITUDE in degrees, like 52.52,13.405; write"
    " --location=-33.86,151.2 for one with a minus."
)
TOGETHER = (
    "--reaction and --to go together: what is reacted with, and the id of the message that it is"
    " for."
)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], f"Nothing to send. Give a TEXT, or one of {KINDS}."),
        (
            ["--button", "Yes", "--list", "No"],
            "A message is of one kind: --button and --list do not go together.",
        ),
        (["--button", "Yes", "Hello"], "--button takes no TEXT."),
        (["--example", "order", "Hello"], "--example takes no TEXT."),
        (["--location", "Berlin"], PLACE),
        (["--location", "91,0"], PLACE),
        (["--location", "nan,0"], PLACE),
        (["--reaction", "👍"], TOGETHER),
        (["Hello", "--to", WAMID], TOGETHER),
        (
            ["--reaction", "👍", "--to", "1", "--quote", "2"],
            "--reaction takes no --quote: --to says which message it is for.",
        ),
        (
            ["--example", "group c", "--wait"],
            "--wait and --quote are for messages, and this example is none.",
        ),
        (["Hello", "--wait", "soon"], "--wait takes a number of seconds, like --wait 30."),
    ],
)
def test_what_does_not_go_together_is_said(refused, arguments, sentence):
    assert refused(*arguments) == sentence


def test_who_writes_and_to_whom_must_be_said_and_be_ids(refused):
    assert (
        refused("Hello", sender="Ada")
        == "--from is nobody's id: it takes the digits of a phone number, or a BSUID like"
        " US.13491208655302741918."
    )
    assert (
        refused("Hello", sender="")
        == "--tenant and --from are needed: whose channel the message goes to, and who writes."
    )


def test_of_several_channels_one_is_chosen(acme, acme_whatsapp, simulate, work):
    second = connect(acme, "400000000000009", ACME_ACCOUNT, "token-of-acme")
    with pytest.raises(CommandError) as caught:
        simulate("Hello")
    simulate("To the second", "--channel", str(second.id))
    work()

    assert (
        str(caught.value)
        == "The tenant 'acme' has several connected WhatsApp channels. Choose one with --channel:\n"
        f"{acme_whatsapp.id}  WhatsApp {ACME_NUMBER}\n{second.id}  WhatsApp 400000000000009"
    )
    with operator_scope():
        assert list(
            Message.objects.filter(direction="inbound").values_list("channel_id", "text")
        ) == [(second.id, "To the second")]


def test_a_channel_that_is_not_there_is_said(refused, globex_whatsapp, acme_whatsapp):
    assert (
        refused("Hello", "--channel", str(globex_whatsapp.id))
        == f"The tenant 'acme' has no WhatsApp channel {globex_whatsapp.id}. The channel's page in"
        " /admin/ says its id."
    )
    with operator_scope():
        Channel.objects.filter(id=acme_whatsapp.id).update(status="disconnected")
    assert (
        refused("Hello")
        == "The tenant 'acme' has no connected WhatsApp channel. Connect one with connect_channel."
    )
