"""The API tells what a template's sender is to fill in; filled in so, it is sent."""

import pytest

from tests.support.cast import GRACE
from tests.support.template_forms import components_of

pytestmark = pytest.mark.whatsapp


def test_a_template_of_the_api_is_filled_in_and_sent(acmes, acme_whatsapp, approve, work, graph):
    approve(
        "hello",
        {"type": "BODY", "text": "Hi {{1}}!", "example": {"body_text": [["Ada"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes"}]},
    )
    (template,) = acmes.items("templates")
    body, button = template["parameters"]
    content = {
        "kind": "template",
        "name": template["name"],
        "language": template["language"],
        "components": components_of(template["parameters"]),
    }

    said = acmes.post(
        "messages",
        {
            "channel": str(acme_whatsapp.id),
            "to": {"kind": "phone", "value": GRACE},
            "content": content,
        },
    )
    work()

    assert body == {
        "component": "body",
        "card": None,
        "index": None,
        "button": "",
        "name": "1",
        "kind": "text",
        "required": True,
        "example": "Ada",
        "pointer": "/components/0/values/0/text",
    }
    assert (button["button"], button["index"], button["required"]) == ("quick_reply", 0, False)
    assert said.status_code == 202, said.text
    assert len(graph.ledger) == 1


def test_a_template_of_a_channel_that_is_not_installed_any_more_asks_for_nothing(acmes, approve):
    approve("hello", {"type": "BODY", "text": "Hi {{1}}!"}, kind="telegram")

    (template,) = acmes.items("templates")

    assert template["parameters"] == []
    assert acmes.get(f"templates/{template['id']}").json() == template
