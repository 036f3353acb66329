"""A template and what is to be sent with it: each way in which they do not fit has its sentence."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_app.api.templates import ParameterSerializer
from channels_app.content import (
    Action,
    Code,
    Fault,
    FaultCode,
    Location,
    Media,
    MoneyValue,
    OfferEnd,
    ReplyPayload,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    TextValue,
)
from channels_app.results import TemplateParameter
from channels_app.storable import storable_text
from messaging.api.content import KINDS
from tests.support.anything import JSON, anything
from tests.support.pointers import leads_nowhere, told
from tests.support.template_forms import components_of
from whatsapp.message_templates.parameters import parameters_of
from whatsapp.message_templates.statuses import SENTENCES
from whatsapp.message_templates.validation import template_faults
from whatsapp.sending.compose import compose

pytestmark = pytest.mark.whatsapp

PHOTO = Media(kind="image", external_id="1")
ADA, TEA = TextValue(text="Ada"), TextValue(text="tea")
END = OfferEnd(at=datetime(2026, 1, 1, tzinfo=UTC))


def faults(*components: Any, of: list[dict[str, Any]], **more: Any) -> list[Fault]:
    template = Template(name="order_ready", language="en_US", components=components)
    definition = {
        "name": "order_ready",
        "language": "en_US",
        "status": "APPROVED",
        "parameter_format": "POSITIONAL",
    }
    return template_faults(template, {**definition, "components": of, **more})


def header(*values: Any) -> TemplateHeader:
    return TemplateHeader(values=values)


def body(*values: Any) -> TemplateBody:
    return TemplateBody(values=values)


def button(index: int, kind: Any, *values: Any) -> TemplateButton:
    return TemplateButton(index=index, kind=kind, values=values)


def named(name: str) -> TextValue:
    return TextValue(text="x", name=name)


def in_format(kind: str) -> dict[str, str]:
    return {"type": "HEADER", "format": kind}


def with_buttons(*buttons: dict[str, str]) -> dict[str, Any]:
    return {"type": "BUTTONS", "buttons": [{"text": "Tap", **each} for each in buttons]}


TITLE = {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"}
GREETING = {"type": "BODY", "text": "Hi {{1}}, your {{2}} is ready, {{ 1 }}!"}
FIXED = {"type": "BODY", "text": "We are open."}
BY_NAME = {"type": "BODY", "text": "Hi {{first_name}}, your {{order}} is ready."}
FOOTER = {"type": "FOOTER", "text": "Acme"}
QUICK, CALL = {"type": "QUICK_REPLY"}, {"type": "PHONE_NUMBER", "phone_number": "+16505551234"}
OPEN, CLOSED = (
    {"type": "URL", "url": "https://acme.example/{{1}}"},
    {"type": "URL", "url": "https://acme.example/"},
)
CARD = {"components": [in_format("IMAGE"), {"type": "BODY", "text": "{{1}}"}, with_buttons(OPEN)]}
CAROUSEL = {"type": "CAROUSEL", "cards": [CARD, CARD]}
TAKEN = TemplateCard(components=(header(PHOTO), body(TEA), button(0, "url", TEA)))

FITTING = [
    pytest.param([], [FIXED, FOOTER], id="nothing to fill"),
    pytest.param(
        [header(ADA), body(ADA, TEA)], [TITLE, GREETING], id="a number used twice is one gap"
    ),
    pytest.param(
        [body(ADA, MoneyValue(text="1 EUR", currency="EUR", thousandths=1000))],
        [GREETING],
        id="an amount fills a gap, too",
    ),
    pytest.param([header(PHOTO)], [in_format("IMAGE"), FIXED], id="a photo"),
    pytest.param(
        [header(Location(latitude=1, longitude=2))], [in_format("LOCATION"), FIXED], id="a place"
    ),
    pytest.param(
        [header(PHOTO)], [in_format("HOLOGRAM"), FIXED], id="a format that Meta invents later"
    ),
    pytest.param([], [FIXED, with_buttons(QUICK, CALL, CLOSED)], id="buttons that need nothing"),
    pytest.param(
        [button(0, "quick_reply", ReplyPayload(text="a"))], [with_buttons(QUICK)], id="a payload"
    ),
    pytest.param([button(1, "url", ADA)], [with_buttons(QUICK, OPEN)], id="the end of a link"),
    pytest.param(
        [button(0, "url", ADA)], [with_buttons({"type": "OTP"})], id="a one-time password"
    ),
    pytest.param(
        [button(0, "copy_code", Code(text="A"))], [with_buttons({"type": "COPY_CODE"})], id="a code"
    ),
    pytest.param(
        [button(0, "flow", Action(values={}))], [with_buttons({"type": "FLOW"})], id="a Flow's data"
    ),
    pytest.param([button(0, "catalog")], [with_buttons({"type": "CATALOG"})], id="a catalog"),
    pytest.param(
        [button(0, "product_list", Action(values={}))],
        [with_buttons({"type": "MPM"})],
        id="products",
    ),
    pytest.param(
        [button(0, "url", ADA)],
        [with_buttons({"type": "TELEPORT"})],
        id="a button that Meta invents later",
    ),
    pytest.param(
        [END],
        [{"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"has_expiration": True}}],
        id="an offer",
    ),
    pytest.param([TemplateCards(cards=(TAKEN, TAKEN))], [FIXED, CAROUSEL], id="cards"),
]


@pytest.mark.parametrize(("components", "of"), FITTING)
def test_what_fits_has_no_fault(components, of):
    assert faults(*components, of=of) == []


UNFIT = [
    pytest.param(
        [body(ADA)],
        [GREETING],
        [Fault("The body takes 2 values; it is given 1 value.", "/components/0/values")],
        id="a value is missing",
    ),
    pytest.param(
        [],
        [GREETING],
        [Fault("The body takes 2 values; it is given no value.", "/components")],
        id="all values are missing",
    ),
    pytest.param(
        [body(ADA)],
        [FIXED],
        [Fault("The body takes no value; it is given 1 value.", "/components/0/values")],
        id="a value too much",
    ),
    pytest.param(
        [],
        [TITLE],
        [Fault("The header takes 1 value; it is given no value.", "/components")],
        id="the header's value is missing",
    ),
    pytest.param(
        [header(ADA)],
        [FIXED],
        [Fault("The header takes no value; it is given 1 value.", "/components/0/values")],
        id="no header at all",
    ),
    pytest.param(
        [body(ADA, named("order"))],
        [GREETING],
        [
            Fault(
                "The body takes its values by their order; order is a name.",
                "/components/0/values/1/name",
            )
        ],
        id="a name where numbers are",
    ),
    pytest.param(
        [header(PHOTO)],
        [TITLE],
        [Fault("The header is a text; it is given image.", "/components/0/values/0")],
        id="a photo where a text is",
    ),
    pytest.param(
        [],
        [in_format("IMAGE")],
        [Fault("The header takes one image; it is given nothing.", "/components")],
        id="a photo is missing",
    ),
    pytest.param(
        [header(PHOTO)],
        [in_format("DOCUMENT")],
        [Fault("The header takes one document; it is given image.", "/components/0/values")],
        id="the wrong media",
    ),
    pytest.param(
        [header(PHOTO, PHOTO)],
        [in_format("IMAGE")],
        [Fault("The header takes one image; it is given image and image.", "/components/0/values")],
        id="two",
    ),
    pytest.param(
        [header(ADA)],
        [in_format("VIDEO")],
        [Fault("The header takes one video; it is given text.", "/components/0/values")],
        id="a text",
    ),
    pytest.param(
        [button(2, "url", ADA)],
        [with_buttons(QUICK, CLOSED)],
        [Fault("There is no button with index 2; the template has 2.", "/components/0/index")],
        id="an index out of range",
    ),
    pytest.param(
        [button(0, "url", ADA)],
        [with_buttons(QUICK)],
        [
            Fault(
                "The button with index 0 is a QUICK_REPLY button; it is sent as url.",
                "/components/0/kind",
            )
        ],
        id="a button of another type",
    ),
    pytest.param(
        [button(0, "quick_reply", ReplyPayload(text="a"))],
        [with_buttons(CALL)],
        [
            Fault(
                "The button with index 0 is a PHONE_NUMBER button; it is sent as quick_reply.",
                "/components/0/kind",
            )
        ],
        id="a button that takes nothing",
    ),
    pytest.param(
        [],
        [with_buttons(OPEN)],
        [Fault("The button with index 0 needs a value; none is given.", "/components")],
        id="a link's end is missing",
    ),
    pytest.param(
        [button(0, "url", ADA)],
        [with_buttons(CLOSED)],
        [
            Fault(
                "The button with index 0 takes no value; it is given 1 value.",
                "/components/0/values",
            )
        ],
        id="a link that is complete",
    ),
    pytest.param(
        [button(0, "url", ADA, TEA)],
        [with_buttons(OPEN)],
        [
            Fault(
                "The button with index 0 takes 1 value; it is given 2 values.",
                "/components/0/values",
            )
        ],
        id="two ends of a link",
    ),
    *(
        pytest.param(
            [],
            [with_buttons({"type": sort})],
            [Fault("The button with index 0 needs a value; none is given.", "/components")],
            id=f"{sort} is missing",
        )
        for sort in ("COPY_CODE", "OTP", "MPM", "ORDER_DETAILS")
    ),
    pytest.param(
        [body(ADA, TEA), button(0, "url")],
        [GREETING, with_buttons(OPEN)],
        [Fault("The button with index 0 needs a value; none is given.", "/components/1/values")],
        id="a button without its value",
    ),
    pytest.param(
        [body(ADA, PHOTO, PHOTO)],
        [GREETING],
        [Fault("The body is a text; it is given image and image.", "/components/0/values/1")],
        id="photos in a body",
    ),
    pytest.param(
        [],
        [{"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"has_expiration": True}}],
        [Fault("The template's offer ends; when is not given.", "/components")],
        id="an offer's end is missing",
    ),
    pytest.param(
        [END],
        [FIXED],
        [Fault("The template has no offer that ends; an end is given.", "/components/0")],
        id="an end of no offer",
    ),
    pytest.param(
        [],
        [CAROUSEL],
        [Fault("The template's number of cards is 2; the number given is 0.", "/components")],
        id="cards are missing",
    ),
    pytest.param(
        [TemplateCards(cards=(TAKEN, TAKEN))],
        [FIXED],
        [
            Fault(
                "The template's number of cards is 0; the number given is 2.", "/components/0/cards"
            )
        ],
        id="cards of no template",
    ),
    pytest.param(
        [TemplateCards(cards=(TAKEN, TemplateCard()))],
        [CAROUSEL],
        [
            Fault(
                "The header of card 2 takes one image; it is given nothing.",
                "/components/0/cards/1/components",
            ),
            Fault(
                "The body of card 2 takes 1 value; it is given no value.",
                "/components/0/cards/1/components",
            ),
            Fault(
                "The button with index 0 of card 2 needs a value; none is given.",
                "/components/0/cards/1/components",
            ),
        ],
        id="an empty card",
    ),
    pytest.param(
        [header(PHOTO), body(ADA), button(1, "url", ADA)],
        [TITLE, GREETING, with_buttons(OPEN)],
        [
            Fault("The header is a text; it is given image.", "/components/0/values/0"),
            Fault("The body takes 2 values; it is given 1 value.", "/components/1/values"),
            Fault("There is no button with index 1; the template has 1.", "/components/2/index"),
            Fault("The button with index 0 needs a value; none is given.", "/components"),
        ],
        id="several at once",
    ),
]


@pytest.mark.parametrize(("components", "of", "said"), UNFIT)
def test_what_does_not_fit_is_said(components, of, said):
    assert told(faults(*components, of=of)) == told(said)


NAMED = [
    pytest.param([named("order"), named("first_name")], [], id="all names, in any order"),
    pytest.param(
        [named("first_name")],
        [Fault("The body takes a value named order; none is given.", "/components/0/values")],
        id="a name is missing",
    ),
    pytest.param(
        [named("first_name"), named("order"), named("tea")],
        [Fault("The body takes no value named tea.", "/components/0/values/2/name")],
        id="a name too much",
    ),
    pytest.param(
        [named("first_name"), named("order"), named("order")],
        [
            Fault(
                "The body takes one value named order; more are given.",
                "/components/0/values/2/name",
            )
        ],
        id="a name twice",
    ),
    pytest.param(
        [named("first_name"), TEA],
        [
            Fault("The body takes a value named order; none is given.", "/components/0/values"),
            Fault(
                "The body takes its values by name; value 2 has none.",
                "/components/0/values/1/name",
            ),
        ],
        id="a value without a name",
    ),
]


@pytest.mark.parametrize(("values", "said"), NAMED)
def test_the_gaps_of_a_named_template_are_filled_by_name(values, said):
    assert told(faults(body(*values), of=[BY_NAME], parameter_format="NAMED")) == told(said)


KNOWN = {
    str(of): of
    for of in (
        *(case.values[1] for case in [*FITTING, *UNFIT]),
        *([in_format(each)] for each in ("VIDEO", "DOCUMENT", "LOCATION", "PRODUCT")),
        [TITLE, GREETING, with_buttons(QUICK, OPEN, {"type": "FLOW"}, {"type": "COPY_CODE"})],
        [{"type": "BODY", "text": "{{2}} and {{1}}"}],
        [FIXED, {"type": "CAROUSEL", "cards": [{"components": [with_buttons(QUICK)]}, {}]}],
    )
}


@pytest.mark.parametrize("is_whole", [True, False], ids=["all of it", "what is required"])
@pytest.mark.parametrize("of", KNOWN.values(), ids=range(len(KNOWN)))
def test_a_form_that_is_filled_in_makes_a_template_that_can_be_sent(of, is_whole):
    assert_fits_when_filled_in(of, is_whole, "POSITIONAL")


@pytest.mark.parametrize("is_whole", [True, False], ids=["all of it", "what is required"])
def test_a_form_of_named_gaps_is_filled_in_by_name(is_whole):
    title = {"type": "HEADER", "format": "TEXT", "text": "Order {{number}}"}
    assert_fits_when_filled_in([title, BY_NAME, with_buttons(OPEN)], is_whole, "NAMED")


def assert_fits_when_filled_in(of: list[dict[str, Any]], is_whole: bool, gaps: str) -> None:
    definition = {
        "name": "order_ready",
        "language": "en_US",
        "status": "APPROVED",
        "parameter_format": gaps,
        "components": of,
    }
    form = ParameterSerializer(parameters_of(definition), many=True).data
    wanted = [each for each in form if is_whole or each["required"]]
    said = {
        "kind": "template",
        "name": "order_ready",
        "language": "en_US",
        "components": components_of(wanted, is_named=gaps == "NAMED"),
    }
    template = KINDS["template"]().run_validation(said)

    assert template_faults(template, definition) == []
    assert compose(template)["type"] == "template"


def form_of(*components: dict[str, Any]) -> list[TemplateParameter]:
    return parameters_of({"components": list(components)})


def test_a_form_asks_for_each_thing_in_order_and_shows_the_examples_of_the_definition():
    title = {**TITLE, "example": {"header_text": ["7"]}}
    greeting = {
        "type": "BODY",
        "text": "Your {{2}} is ready, {{1}}.",
        "example": {"body_text": [["Ada", "tea"]]},
    }
    link = {**OPEN, "example": ["https://acme.example/orders"]}
    code = {"type": "COPY_CODE", "example": "TEA20"}

    assert form_of(with_buttons(QUICK, CALL, link, code), greeting, title) == [
        TemplateParameter(
            component="header",
            kind="text",
            name="1",
            example="7",
            pointer="/components/0/values/0/text",
        ),
        *(
            TemplateParameter(
                component="body",
                kind="text",
                name=name,
                example=example,
                pointer=f"/components/1/values/{place}/text",
            )
            for place, (name, example) in enumerate([("1", "Ada"), ("2", "tea")])
        ),
        TemplateParameter(
            component="button",
            index=0,
            button="quick_reply",
            kind="payload",
            is_required=False,
            pointer="/components/2/values/0/text",
        ),
        TemplateParameter(
            component="button",
            index=2,
            button="url",
            kind="text",
            name="1",
            example="orders",
            pointer="/components/3/values/0/text",
        ),
        TemplateParameter(
            component="button",
            index=3,
            button="copy_code",
            kind="code",
            example="TEA20",
            pointer="/components/4/values/0/text",
        ),
    ]


def test_a_form_asks_for_what_each_card_takes():
    photo = {**in_format("IMAGE"), "example": {"header_handle": ["https://acme.example/a.png"]}}
    row = {"type": "CAROUSEL", "cards": [{"components": [photo]}, {}]}

    assert form_of(GREETING, row)[2:] == [
        TemplateParameter(
            component="header",
            card=0,
            kind="image",
            example="https://acme.example/a.png",
            pointer="/components/1/cards/0/components/0/values/0",
        ),
        TemplateParameter(component="card", card=1, kind="empty", pointer="/components/1/cards/1"),
    ]


def test_examples_of_named_gaps_are_found_by_their_names():
    named = [{"param_name": "order", "example": "7"}, {"param_name": "first_name"}]

    form = form_of({**BY_NAME, "example": {"body_text_named_params": named}})

    assert [(each.name, each.example) for each in form] == [("first_name", ""), ("order", "7")]


@pytest.mark.parametrize("status", sorted(SENTENCES))
def test_a_template_that_is_not_approved_says_why(status):
    sentence = f"The template order_ready {SENTENCES[status]}"

    assert told(faults(of=[FIXED], status=status)) == [
        (sentence, "/name", FaultCode.TEMPLATE_NOT_SENDABLE)
    ]


@pytest.mark.parametrize("status", ["HAUNTED", "", None])
def test_a_status_of_tomorrow_is_not_approved_either(status):
    assert faults(of=[], status=status) == [
        f"The template order_ready has the status {status}; only approved ones can be sent."
    ]


def test_the_definition_must_be_of_this_template_in_this_language():
    assert told(faults(of=[], name="order_late", language="de")) == told(
        [
            Fault("The template's name is order_ready; the definition is of order_late.", "/name"),
            Fault("The template's language is en_US; the definition is of de.", "/language"),
        ]
    )


@settings(max_examples=60, deadline=None)
@given(template=anything(Template))
def test_whatever_is_sent_the_faults_are_sentences_that_can_be_stored_and_lead_into_it(template):
    definition = {
        "status": "APPROVED",
        "parameter_format": "NAMED",
        "components": [TITLE, BY_NAME, with_buttons(OPEN), CAROUSEL],
    }
    said = template_faults(template, definition)

    assert said
    assert [
        fault for fault in said if fault != storable_text(fault) or not fault.endswith(".")
    ] == []
    assert leads_nowhere(template, said) == []


EVERYTHING = [
    header(PHOTO),
    body(ADA),
    button(0, "url", ADA),
    END,
    TemplateCards(cards=(TAKEN, TAKEN)),
]
KEYS = ["type", "format", "text", "url", "buttons", "cards", "components", "limited_time_offer"]
WORDS = ["HEADER", "BODY", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER", "URL", "IMAGE", "{{1}}"]
ODD = st.recursive(
    JSON | st.sampled_from(WORDS),
    lambda odd: st.lists(odd, max_size=3) | st.dictionaries(st.sampled_from(KEYS), odd, max_size=4),
    max_leaves=12,
)


def are_sentences(said: list[str]) -> bool:
    return all(fault == storable_text(fault) and fault.endswith(".") for fault in said)


@settings(max_examples=200, deadline=None)
@given(components=st.lists(st.dictionaries(st.sampled_from(KEYS), ODD, max_size=4)) | ODD)
def test_whatever_a_definition_holds_the_faults_are_sentences(components):
    assert are_sentences(faults(*EVERYTHING, of=components))
    assert form_as_json({"components": components})


ODD_DEFINITIONS = [
    pytest.param({}, id="empty"),
    pytest.param(
        {"name": [], "language": {}, "status": [], "parameter_format": 5, "components": 5},
        id="nothing as documented",
    ),
    *(
        pytest.param({"components": each}, id=f"components: {each}")
        for each in (
            None,
            "BODY",
            {"type": "BODY"},
            [None, 5, "BODY", []],
            [{"type": []}, {"type": {}}, {}],
            [{"type": "HEADER", "format": []}, {"type": "BODY", "text": ["{{1}}"]}],
            [{"type": "BUTTONS", "buttons": {"type": "URL"}}],
            [{"type": "BUTTONS", "buttons": [None, {"type": []}, {"type": "URL", "url": 5}]}],
            [{"type": "LIMITED_TIME_OFFER", "limited_time_offer": True}],
            [{"type": "CAROUSEL", "cards": {"components": []}}],
            [{"type": "CAROUSEL", "cards": [None, {"components": "BODY"}]}],
        )
    ),
]


@pytest.mark.parametrize("definition", ODD_DEFINITIONS)
def test_a_definition_that_is_not_as_documented_has_faults_and_raises_nothing(definition):
    template = Template(name="order_ready", language="en_US", components=tuple(EVERYTHING))

    said = template_faults(template, definition)
    assert said
    assert are_sentences(said)
    assert form_as_json(definition)


def form_as_json(definition: dict[str, Any]) -> str:
    return json.dumps(ParameterSerializer(parameters_of(definition), many=True).data)


def test_a_button_that_is_not_as_documented_keeps_its_place():
    of = [{"type": "BUTTONS", "buttons": [None, OPEN]}]

    assert faults(button(1, "url", ADA), of=of) == []
    assert faults(of=of) == ["The button with index 1 needs a value; none is given."]


def test_cards_within_cards_are_read_as_deep_as_json_goes():
    innermost: dict[str, Any] = {"type": "CAROUSEL", "cards": []}
    for _ in range(240):
        innermost = {"type": "CAROUSEL", "cards": [{"components": [innermost]}]}

    assert faults(of=[innermost]) == ["The template's number of cards is 1; the number given is 0."]
    assert [each.kind for each in form_of(innermost)] == ["empty"]
