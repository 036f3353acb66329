"""A refusal that repeats what it was asked: neither who nor what it was about stands in what is
kept of it and told to operators.
"""

import json
import time

import pytest

from channels_app.models import Channel
from channels_app.providers import SendError
from messaging.models import Alert
from messaging.monitoring import alerts
from tenants.scope import operator_scope
from tests.support.cast import ADA
from tests.support.raw_http import answering, http, server
from tests.support.whatsapp import bodies
from whatsapp.graph import client

pytestmark = pytest.mark.whatsapp

TOKEN, SAID, CAPTION = "token-of-acme", 'You owe us 100 kr, "Ada" å', "What you ordered"
TEXT = {"type": "text", "text": {"body": SAID}}
IMAGE = {"type": "image", "image": {"id": "5550001", "caption": CAPTION}}
BUTTONS = {"type": "interactive", "interactive": {"body": {"text": SAID}}}
PARAMETER = {"type": "text", "text": SAID}
TEMPLATE = {
    "type": "template",
    "template": {"name": "order_update", "components": [{"parameters": [PARAMETER]}]},
}


@pytest.fixture
def words_of(settings):
    """What is kept of Meta's words where it says this of such a message."""

    def words_of(asked: dict, to: str, said: str) -> str:
        content = json.dumps({"error": {"code": 100, "message": said}}).encode()
        refusal = answering(http("400 Bad Request", content))
        with server(refusal) as settings.META_GRAPH_URL, pytest.raises(SendError) as caught:
            client.send("400", token=TOKEN, body=asked, to=to, reference="o1:x:1")
        return str(caught.value).partition("Graph error 100: ")[2].removesuffix(")")

    return words_of


@pytest.mark.parametrize("to", [ADA, "SE.AdaOfTheCanaries"])
@pytest.mark.parametrize("asked", [TEXT, IMAGE, BUTTONS, TEMPLATE], ids=lambda each: each["type"])
def test_neither_the_recipient_nor_the_text_stands_in_metas_words(asked, to, words_of):
    said = CAPTION if asked is IMAGE else SAID
    words = words_of(asked, to, f"Not to {to}: {said}, {json.dumps(said)} (order_update)")

    assert words == 'Not to [recipient]: [text], "[text]" (order_update)'


def test_a_word_that_is_shorter_than_a_sentence_stays(words_of):
    asked = {"type": "text", "text": {"body": "is"}}
    assert words_of(asked, ADA, "This is no text") == "This is no text"


def test_the_reason_of_a_channel_that_a_status_parks_and_its_alert_name_nobody(
    acme_whatsapp, write, report, work, graph
):
    write("Hello", sender=ADA)
    work()
    wamid = graph.ledger[-1]["wamid"]
    errors = [{"code": 190, "title": f"Not to {ADA}"}]
    report(bodies.status(wamid, "failed", errors=errors, at=time.time() + 2))
    work()
    alerts.watch()

    with operator_scope():
        channel, alert = Channel.objects.get(), Alert.objects.get(kind="channel_parked")
    reason = "The access token no longer works: connect the channel again with a new one."
    told = f"{reason} (Graph error 190: Not to [recipient])"
    assert (channel.status, channel.status_reason) == ("needs_reauth", told)
    assert (alert.said.endswith(told), ADA in alert.said) == (True, False)
