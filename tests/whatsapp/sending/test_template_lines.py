"""A value of a template is one line wherever it stands: what Meta would refuse for its blanks is
refused here.
"""

import pytest

from channels_app.content import (
    Code,
    MoneyValue,
    ReplyPayload,
    TemplateBody,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    TextValue,
    TimeValue,
)
from tests.support.whatsapp.contents import button, faults_of, template
from whatsapp.sending.compose import compose

pytestmark = pytest.mark.whatsapp

RULE = (
    "has a line break, a tab or more than four spaces in a row; write it in one line, without them."
)
NO_BLANKS = "is part of a link and has a blank; write it without blanks, or as %20."
BREAKS = ["\n", "\r", "\r\n", "\t", "\v", "\f", "\x85", "\u2028", "\u2029", " " * 5, " " * 9]
FINE = [" ", " " * 4, "\u00a0", "-", " \u00a0 ", "\u3000"]


def body(*values):
    return TemplateBody(values=values)


def on_a_card(component):
    return TemplateCards(cards=(TemplateCard(), TemplateCard(components=(component,))))


def placed(text: str) -> list:
    """(what it is called, the template) for each place where a text may stand."""
    value = TextValue(text=text)
    return [
        ("Value 1 of the header", template(TemplateHeader(values=(value,)))),
        ("Value 2 of the body", template(body(TextValue(text="Ada"), value))),
        ("Value 1 of the body", template(body(TextValue(text=text, name="who")))),
        ("Value 1 of the body of card 2", template(on_a_card(body(value)))),
        ("Value 1 of the header of card 2", template(on_a_card(TemplateHeader(values=(value,))))),
        (
            "The text of value 1 of the body",
            template(body(MoneyValue(text=text, currency="EUR", thousandths=1))),
        ),
        ("The text of value 1 of the body", template(body(TimeValue(text=text)))),
        (
            "The text of value 1 of the header",
            template(TemplateHeader(values=(TimeValue(text=text),))),
        ),
        ("Value 1 of the button with index 0", template(button(ReplyPayload(text=text)))),
        ("Value 1 of the button with index 0", template(button(value))),
        ("Value 1 of the button with index 0", template(button(Code(text=text), kind="copy_code"))),
        (
            "Value 1 of the button with index 0 of card 2",
            template(on_a_card(button(ReplyPayload(text=text)))),
        ),
    ]


@pytest.mark.parametrize("blank", BREAKS, ids=ascii)
def test_what_breaks_a_line_is_refused_and_the_value_is_named(blank):
    told = placed(f"No{blank}ra")

    assert [faults_of(content) for _, content in told] == [(f"{name} {RULE}",) for name, _ in told]


@pytest.mark.parametrize("blank", FINE, ids=ascii)
def test_what_stays_in_its_line_is_sent(blank):
    assert [faults_of(content) for _, content in placed(f"No{blank}ra")] == [()] * 12


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000", *BREAKS], ids=ascii)
@pytest.mark.parametrize("text", ["a{}b", "{}a", "a{}"])
def test_the_end_of_a_link_has_no_blank_of_any_kind(blank, text):
    link = button(TextValue(text=text.format(blank)), kind="url")

    assert faults_of(template(link)) == (f"Value 1 of the button with index 0 {NO_BLANKS}",)


def test_the_end_of_a_link_is_sent_as_it_is():
    link = button(TextValue(text="orders/7?a=b%20c&d=\u00e9"), kind="url")

    assert compose(template(link))["template"]["components"][0]["parameters"] == [
        {"type": "text", "text": "orders/7?a=b%20c&d=\u00e9"}
    ]


@pytest.mark.parametrize("empty", ["", " "])
def test_a_value_that_is_empty_is_refused_as_empty_alone(empty):
    told = [
        *placed(empty),
        ("Value 1 of the button with index 0", template(button(TextValue(text=empty), kind="url"))),
    ]

    assert [faults_of(content) for _, content in told] == [
        (f"{name} is empty.",) for name, _ in told
    ]
