"""What a stored message looked like is read from whatever is stored, and nothing of it makes the
reading fail.
"""

import pytest

from channels_app.content import Content
from channels_app.message_parts import MessageParts
from tests.support.whatsapp.contents import SAMPLES
from whatsapp.message_parts import parts_of, template_of
from whatsapp.sending.compose import compose

pytestmark = pytest.mark.whatsapp

GARBAGE = [
    None,
    7,
    [],
    {"type": []},
    {"type": "location", "location": [1]},
    {"type": "contacts", "contacts": {"name": 1}},
    {"type": "interactive", "interactive": {"action": {"buttons": 7, "sections": [7]}}},
    {"type": "interactive", "interactive": {"button_reply": {"title": {}}}},
    {"type": "button", "button": "pressed"},
    {"type": "template", "template": "order_ready"},
    {"type": "template", "template": {"name": "x", "components": [{"type": "body"}, 7]}},
]
DEFINITIONS = [None, {}, {"components": 7}, {"components": [{"type": "BODY", "text": 7}, 7]}]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=range(len(DEFINITIONS)))
@pytest.mark.parametrize("raw", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_not_built_as_documented_has_no_parts(raw, definition):
    found = parts_of(raw, definition)

    assert isinstance(found, MessageParts)
    assert (found.cards, found.place, found.chosen, found.body) == ((), None, None, "")
    assert template_of(raw) is None


@pytest.mark.parametrize("content", SAMPLES, ids=range(len(SAMPLES)))
def test_everything_that_can_be_sent_is_read_back(content: Content):
    found = parts_of(compose(content), None)
    titles = {
        each.title for each in (*found.buttons, *(c for s in found.sections for c in s.choices))
    }

    assert isinstance(found, MessageParts)
    if body := getattr(content, "body", "") if content.kind == "interactive" else "":
        assert found.body == body
    for button in getattr(content, "buttons", ()):
        assert button.title in titles
