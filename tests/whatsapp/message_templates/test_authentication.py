"""Which templates are for one-time passwords, and to which ids of a contact they may go."""

from typing import Any

import pytest

from channels_app.content import FaultCode, Unsendable
from tests.support.pointers import told
from whatsapp.message_templates.authentication import NO_NUMBER, recipients_of

pytestmark = pytest.mark.whatsapp

BSUID, PARENT, WA_ID, PHONE = (
    ("bsuid", "SE.1"),
    ("parent_bsuid", "SE.ENT.1"),
    ("wa_id", "46700"),
    ("phone", "+46700"),
)
OTP = {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "ONE_TAP", "text": "Autofill"}]}
LINK = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"
AS_LISTED = {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code", "url": LINK}]}
OTHERS: list[Any] = [
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "COPY_CODE", "text": "Copy offer code"},
            {"type": "URL", "url": "https://a.test"},
        ],
    },
    {"type": "BODY", "text": "Your OTP is {{1}}"},
    {"type": "BUTTONS", "buttons": None},
    {"type": "CAROUSEL", "cards": "odd"},
]

PASSWORDS: list[dict[str, Any]] = [
    {"category": "AUTHENTICATION"},
    {"category": "authentication", "components": []},
    {"category": "AUTHENTICATION_INTERNATIONAL"},
    {"category": "utility", "components": [{"type": "BODY"}, OTP]},
    {"category": "", "components": [AS_LISTED]},
    {"category": None, "components": [{"type": "CAROUSEL", "cards": [{"components": [OTP]}]}]},
]


@pytest.mark.parametrize("definition", PASSWORDS, ids=str)
def test_a_template_for_passwords_goes_to_numbers_in_their_order(definition):
    assert recipients_of(definition, (BSUID, PHONE, PARENT, WA_ID)) == (PHONE, WA_ID)
    for unnumbered in ((BSUID,), (PARENT, BSUID)):
        with pytest.raises(Unsendable) as refusal:
            recipients_of(definition, unnumbered)
        assert told(refusal.value.faults) == [(str(NO_NUMBER), "", FaultCode.NO_ADDRESS)]
    assert recipients_of(definition, ()) == ()


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"category": "MARKETING", "components": OTHERS},
        {"category": "UTILITY", "components": None},
        {"category": 7},
    ],
    ids=str,
)
def test_any_other_template_goes_to_any_id(definition):
    assert recipients_of(definition, (BSUID, WA_ID)) == (BSUID, WA_ID)
