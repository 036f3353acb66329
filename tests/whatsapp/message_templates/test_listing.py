"""The list of an account's templates as Meta pages it: asked for by cursor alone, and nothing that
is not all of it.
"""

from typing import Any

import pytest

from channels_app.providers import ListedTemplate, SendError
from tests.support.cast import ACME_ACCOUNT, GLOBEX_ACCOUNT
from tests.support.whatsapp.templates_of_acme import BODY, listed
from whatsapp.message_templates import listing
from whatsapp.message_templates.listing import FIELDS, PAGES

pytestmark = pytest.mark.whatsapp

NO_LIST = "WhatsApp's answer is not a list of templates."


def fetched() -> list[str]:
    """The names of Acme's templates, as they are fetched."""
    return [each.name for each in listing.list_templates(ACME_ACCOUNT, token="token-of-acme")]


def page(*templates: dict[str, Any], **paging: Any) -> dict[str, Any]:
    """A step of the stand-in's script."""
    return {"page": {"data": list(templates), "paging": paging}}


@pytest.fixture
def refused():
    """Fetching them fails; what is said, and what becomes of it."""

    def refused() -> tuple[str, str, str]:
        with pytest.raises(SendError) as refusal:
            fetched()
        return str(refusal.value), refusal.value.then, refusal.value.code

    return refused


@pytest.mark.parametrize(
    ("number", "pages"), [(0, 1), (1, 1), (99, 1), (100, 1), (101, 2), (250, 3)]
)
def test_all_templates_come_in_pages_of_a_hundred(graph, number, pages):
    graph.templates[ACME_ACCOUNT] = [listed(f"t{each}") for each in range(number)]

    assert fetched() == [f"t{each}" for each in range(number)]
    asked = {"waba_id": ACME_ACCOUNT, "token": "token-of-acme", "limit": "100", "fields": FIELDS}
    afters = [{} if each == 0 else {"after": str(100 * each)} for each in range(pages)]
    assert graph.template_questions == [asked | after for after in afters]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/steal",
        "http://169.254.169.254/latest",
        "{graph}/v25.0/{globex}/message_templates",
        "\x00",
    ],
)
def test_the_address_of_the_next_page_is_never_believed(graph, address):
    graph.templates[GLOBEX_ACCOUNT] = [listed("of_globex")]
    graph.template_script.append(
        page(
            listed("first"),
            next=address.format(graph=graph.url, globex=GLOBEX_ACCOUNT),
            cursors={"after": "a/b?c=d&e"},
        )
    )
    graph.template_script.append(page(listed("last")))

    assert fetched() == ["first", "last"]
    assert [
        (each["waba_id"], each["token"], each.get("after")) for each in graph.template_questions
    ] == [(ACME_ACCOUNT, "token-of-acme", None), (ACME_ACCOUNT, "token-of-acme", "a/b?c=d&e")]


def test_a_cursor_without_a_next_page_is_the_end(graph):
    graph.template_script.append(page(listed(), cursors={"before": "a", "after": "b"}))

    assert (fetched(), len(graph.template_questions)) == (["order_ready"], 1)


@pytest.mark.parametrize("paging", [None, {}, {"next": ""}, {"next": None}, {"cursors": 7}])
def test_without_a_next_page_it_is_the_end_however_that_is_written(graph, paging):
    graph.template_script.append({"page": {"data": [listed()], "paging": paging}})

    assert (fetched(), len(graph.template_questions)) == (["order_ready"], 1)


MALFORMED = [
    pytest.param({}, id="nothing"),
    pytest.param({"data": None}, id="null"),
    pytest.param({"data": {"0": listed()}}, id="an object"),
    pytest.param({"data": [listed(), "order_ready"]}, id="a text among them"),
    pytest.param({"data": [], "paging": ["next"]}, id="a list of pages"),
    pytest.param({"data": [], "paging": "next"}, id="a text for the pages"),
    pytest.param({"data": [], "paging": {"next": "https://x"}}, id="no cursors"),
    pytest.param(
        {"data": [], "paging": {"next": "https://x", "cursors": ["after"]}}, id="a list of cursors"
    ),
    pytest.param(
        {"data": [], "paging": {"next": "https://x", "cursors": {"after": 7}}},
        id="a number for a cursor",
    ),
    pytest.param(
        {"data": [], "paging": {"next": "https://x", "cursors": {"after": ""}}},
        id="an empty cursor",
    ),
]


@pytest.mark.parametrize("malformed", MALFORMED)
@pytest.mark.parametrize("before", [0, 1], ids=["first", "second"])
def test_a_page_that_is_none_is_no_list_wherever_it_comes(graph, refused, malformed, before):
    graph.template_script.extend(
        [page(listed(), next="https://x", cursors={"after": "b"})] * before
    )
    graph.template_script.append({"page": malformed})

    assert refused() == (NO_LIST, "unknown", "")
    assert len(graph.template_questions) == before + 1


def test_a_list_that_does_not_end_is_given_up(graph, refused):
    graph.template_script.extend(
        [page(listed(), next="https://x", cursors={"after": "same"})] * (PAGES + 1)
    )

    assert refused() == (
        f"WhatsApp's list of templates does not end after {PAGES} pages.",
        "unknown",
        "",
    )
    assert len(graph.template_questions) == PAGES


def test_an_answer_without_end_is_none(graph, refused):
    graph.template_script.append(
        page(listed(components=[{"type": "BODY", "text": "x" * listing.PAGE_BYTES}]))
    )

    assert refused() == (
        "WhatsApp answered HTTP 200, which does not say what became of it.",
        "unknown",
        "",
    )


def test_a_refusal_says_what_to_do_and_not_the_token(graph, refused):
    graph.template_script.append({"code": 190, "http": 401})

    assert refused() == (
        (
            "The access token no longer works: connect the channel again with a new one. "
            "(Graph error 190: (#190) Refused by the stand-in)"
        ),
        "held",
        "190",
    )


def test_metas_words_become_ours_and_words_of_tomorrow_stay(graph):
    graph.templates[ACME_ACCOUNT] = [
        listed(
            status="PENDING_DELETION",
            category="AUTHENTICATION",
            quality_score={"score": "RED"},
            id=77,
        ),
        listed(
            "new",
            status="QUANTUM",
            category="GOSSIP",
            quality_score={"score": "PURPLE"},
            rejected_reason="ODD",
            id="78",
        ),
    ]

    assert listing.list_templates(ACME_ACCOUNT, token="t") == [
        ListedTemplate(
            external_id="77",
            name="order_ready",
            language="en_US",
            category="authentication",
            status="pending_deletion",
            quality="red",
            parameter_format="positional",
            components=[BODY],
        ),
        ListedTemplate(
            external_id="78",
            name="new",
            language="en_US",
            category="GOSSIP",
            status="QUANTUM",
            quality="PURPLE",
            rejected_reason="ODD",
            parameter_format="positional",
            components=[BODY],
        ),
    ]


UNKEPT = [
    pytest.param({}, id="nothing"),
    pytest.param(listed(""), id="no name"),
    pytest.param(listed(language=None), id="no language"),
    pytest.param(listed(id=None), id="no id"),
    pytest.param(listed(id=1.5), id="half an id"),
    pytest.param(listed("\ud800"), id="half a character"),
    pytest.param(listed(components=[{"type": "BODY", "text": 1e999}]), id="a number that is none"),
]


@pytest.mark.parametrize("template", UNKEPT)
def test_a_template_that_cannot_be_kept_is_left_out(graph, template):
    graph.templates[ACME_ACCOUNT] = [listed("first"), template, listed("last")]

    assert fetched() == ["first", "last"]


@pytest.mark.parametrize(
    "components", [None, "BODY", [["BODY"]], [{"text": "no type"}], [{"type": ["BODY"]}]]
)
def test_components_that_are_none_are_left_out(graph, components):
    graph.templates[ACME_ACCOUNT] = [listed(components=components)]

    assert [each.components for each in listing.list_templates(ACME_ACCOUNT, token="t")] == [[]]
