"""Templates for one-time passwords go to phone numbers alone; their values, and those of all
others, must fit in a line.
"""

from typing import Any
from uuid import UUID

import pytest

from channels_app.content import Template, TemplateBody, TemplateButton, TextValue
from messaging.models import ContactIdentity, Conversation
from tenants.scope import operator_scope
from tests.messaging.outbound.addressed import BSUID, addressed
from tests.support.cast import ADA
from tests.support.whatsapp.reported import read
from whatsapp.message_templates.authentication import NO_NUMBER

pytestmark = pytest.mark.whatsapp

ASKED = read("template_authentication_to_bsuid")["send"]
CODE = (TextValue(text=ASKED["body"][0]),)
OTP = Template(
    name="otp",
    language=ASKED["language"],
    components=(
        TemplateBody(values=CODE),
        TemplateButton(index=0, kind="url", values=(TextValue(text=ASKED["button_0"]),)),
    ),
)
BODY = {"type": "BODY", "text": "*{{1}}* is your verification code."}
BUTTON = {
    "type": "BUTTONS",
    "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}],
}


@pytest.fixture
def cleo(quiet, acme_whatsapp, write, work) -> UUID:
    """A conversation with somebody who is known by her BSUID alone."""
    write("by user id", sender=BSUID)
    work()
    with operator_scope():
        return Conversation.objects.get().id


@pytest.mark.parametrize("category", ["AUTHENTICATION", "authentication", "UTILITY"])
def test_a_contact_without_a_number_gets_none_and_other_templates_still(
    cleo, approve, say, faults, work, graph, category
):
    approve("otp", BODY, BUTTON, category=category, language="en_US")
    approve("hello")
    assert faults(OTP, cleo) == (NO_NUMBER,)
    say(Template(name="hello", language="en"), cleo)
    work()

    assert addressed(graph) == [{"recipient": BSUID}]


def test_a_number_that_was_given_up_is_none(cleo, approve, faults, write, work):
    approve("otp", BODY, BUTTON, category="AUTHENTICATION", language="en_US")
    write("by phone", sender=ADA, from_user_id=BSUID)
    work()
    with operator_scope():
        ContactIdentity.objects.filter(value=ADA).update(is_active=False)

    assert faults(OTP, cleo) == (NO_NUMBER,)


def test_a_contact_who_writes_by_user_id_gets_it_at_their_number_and_all_else_where_they_write(
    cleo, approve, say, write, work, graph
):
    approve("otp", BODY, BUTTON, category="AUTHENTICATION", language="en_US")
    write("by phone", sender=ADA, from_user_id=BSUID)
    write("by user id again", sender=BSUID)
    work()
    say("Here it comes", cleo)
    message = say(OTP, cleo)
    work()

    assert (addressed(graph), message.recipient) == ([{"recipient": BSUID}, {"to": ADA}], ADA)


def test_a_value_of_two_lines_is_refused_before_it_is_queued(ada, approve, faults):
    asked = read("template_value_with_line_break")["send"]
    name, _, words = asked["template"].partition(": ")
    approve(name, {"type": "BODY", "text": words}, language=asked["language"])
    values: Any = tuple(TextValue(text=value) for value in asked["body"])

    assert faults(
        Template(name=name, language=asked["language"], components=(TemplateBody(values=values),)),
        ada,
    ) == (
        (
            "Value 1 of the body has a line break, a tab or more than four spaces in a row; write"
            " it in one line, without them."
        ),
    )
