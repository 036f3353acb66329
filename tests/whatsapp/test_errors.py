"""Meta's table of error codes: what each asks for, in an answer and inside a status alike."""

import json
from datetime import timedelta

import pytest

from channels_app.events import StatusUpdate
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies
from whatsapp.business.meanings import CONNECTED, CONNECTING
from whatsapp.errors import MEANINGS, OF_A_NUMBER, meaning_of, refusal
from whatsapp.errors.anothers import ANOTHERS
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

HELD, LATER, FAILED = "held", "queued", "failed"
RATE_LIMITS = (4, 17, 32, 341, 613, *range(80000, 80015))
TABLE = [
    pytest.param([0, 102, 190], HELD, id="token"),
    pytest.param([3, 10, 131005, 200, 250, 299], HELD, id="permission"),
    pytest.param([33], HELD, id="number gone"),
    pytest.param([131037, 131045, 133010], HELD, id="number not ready"),
    pytest.param([368, 131031], HELD, id="account restricted"),
    pytest.param([1, 2, 131000, 131016, 133004, 135000], LATER, id="Meta's own fault"),
    pytest.param([130429, 131056, 131048, 131064], LATER, id="too fast"),
    pytest.param(RATE_LIMITS, LATER, id="Graph's rate limits"),
    pytest.param([131057, 2494100], LATER, id="maintenance"),
    pytest.param([2635], LATER, id="a version of the API that has ended"),
    pytest.param([132069, 134101, 139102, 139103], LATER, id="not just now"),
    pytest.param([100, 131008, 131009], FAILED, id="bad parameter"),
    pytest.param(
        [130403, 130472, 130497, 131021, 131026, 131030, 131049, 131050, 131051, 131062],
        FAILED,
        id="this person",
    ),
    pytest.param([131047], FAILED, id="window closed"),
    pytest.param([131052, 131053, 131060], FAILED, id="media"),
    pytest.param(
        [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068],
        FAILED,
        id="template",
    ),
    pytest.param(
        [133000, 133005, 133006, 133008, 133009, 133015, 133016], FAILED, id="registration"
    ),
    pytest.param(
        [131042, 131044, 131055, 131063, 134011, 134100, 134102, 137000],
        FAILED,
        id="account settings",
    ),
    pytest.param([131020, 131041, 131201, 131215], FAILED, id="groups"),
    pytest.param(
        [138000, 138018, 139100, 139101, 147001, 147005], FAILED, id="calls, blocks, usernames"
    ),
    pytest.param([99999, 2388023, -1], FAILED, id="a code of tomorrow"),
]


@pytest.mark.parametrize(("codes", "then"), TABLE)
def test_a_code_in_an_answer_decides_what_becomes_of_the_message(codes, then):
    assert [(code, refusal(code, 400, "", None).then) for code in codes] == [
        (code, then) for code in codes
    ]


def test_every_code_of_the_table_is_in_a_test_and_has_one_sentence_for_the_operator():
    tested = {code for case in TABLE for code in case.values[0]}
    ranges = {
        *range(200, 300),
        *range(131201, 131216),
        *range(138000, 138019),
        *range(147001, 147006),
    }

    assert set(MEANINGS) - tested - ranges == set(ANOTHERS)
    assert [code for code, meaning in MEANINGS.items() if not meaning.advice.endswith(".")] == []


@pytest.mark.parametrize(
    ("code", "http_status", "then"),
    [
        pytest.param(99999, 401, HELD, id="401 is the token, whatever the code"),
        pytest.param(368, 401, HELD, id="401 with a code that parks"),
        pytest.param(99999, 429, LATER, id="429 is too fast, whatever the code"),
        pytest.param(100, 429, LATER, id="429 with a code that would fail"),
        pytest.param(100, 403, FAILED, id="else the code decides"),
    ],
)
def test_where_no_code_decides_the_http_status_does(code, http_status, then):
    assert refusal(code, http_status, "", None).then == then


def test_a_restricted_account_parks_as_restricted_and_a_dead_token_as_needing_to_be_connected():
    assert {code: meaning_of(code).parks for code in (190, 10, 33, 368, 131031)} == {
        **dict.fromkeys((190, 10, 33), "needs_reauth"),
        **dict.fromkeys((368, 131031), "restricted"),
    }


def test_only_what_concerns_the_number_or_the_account_slows_its_other_messages():
    assert {
        code: meaning_of(code).slows
        for code in (130429, 131057, *RATE_LIMITS, 131056, 131048, 131064, 131000)
    } == {
        **dict.fromkeys((130429, 131057), "channel"),
        **dict.fromkeys(RATE_LIMITS, "account"),
        **dict.fromkeys((131056, 131048, 131064, 131000), ""),
    }


def test_the_providers_own_wait_goes_before_ours_and_does_not_grow():
    asked = refusal(131056, 400, "", timedelta(seconds=7))
    own = refusal(131056, 400, "", None)

    assert (asked.retry_in, asked.growth) == (timedelta(seconds=7), 1)
    assert (own.retry_in, own.growth) == (timedelta(seconds=4), 4)


def test_the_operator_reads_the_advice_and_metas_words():
    assert (
        str(refusal(190, 401, "Session has expired", None))
        == "The access token no longer works: connect the channel again with a new one. (Graph"
        " error 190: Session has expired)"
    )


NUMBER_GONE = (
    "The phone number id is gone or cannot be reached: the number was removed at Meta, or the token"
    " cannot see it. (Graph error 100: T)"
)
PARAMETER = (
    "Meta does not accept a parameter of the message: the details name it. (Graph error 100: T)"
)
NOT_SEEN = (
    "Meta does not know what was asked for, or the token may not see it: grant it to the app."
    " (Graph error 100: T)"
)


@pytest.mark.parametrize(
    ("meanings", "subcode", "then", "parks", "said"),
    [
        pytest.param(OF_A_NUMBER, 33, HELD, "needs_reauth", NUMBER_GONE, id="of a number"),
        pytest.param(
            OF_A_NUMBER, " 33 ", HELD, "needs_reauth", NUMBER_GONE, id="of a number, as a text"
        ),
        pytest.param(
            CONNECTED, 33, HELD, "needs_reauth", NUMBER_GONE, id="of a number that is looked after"
        ),
        *(
            pytest.param(OF_A_NUMBER, other, FAILED, "", PARAMETER, id=f"{other}")
            for other in (None, 34, "x", [33], True)
        ),
        pytest.param(MEANINGS, 33, FAILED, "", PARAMETER, id="of a file or a list of templates"),
        pytest.param(CONNECTING, 33, FAILED, "", NOT_SEEN, id="of what is being connected"),
    ],
)
def test_an_object_that_does_not_exist_parks_where_the_object_is_the_number(
    meanings, subcode, then, parks, said
):
    error = refusal(100, 400, "T", None, subcode, meanings)

    assert (error.then, error.parks, str(error)) == (then, parks, said)


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492, None, "463"])
@pytest.mark.parametrize("code", [102, 190, "190"])
def test_a_token_is_dead_whichever_subcode_says_why(code, subcode):
    error = refusal(code, 400, "T", None, subcode)

    assert (error.then, error.parks, error.code) == (HELD, "needs_reauth", str(code))


@pytest.mark.parametrize(
    "written", [131047, "131047", " 131047 ", "131047.0", "+131047", 131047.0], ids=repr
)
def test_a_code_is_the_same_however_it_is_written(written):
    error = refusal(written, 400, "T", None)

    assert (error.code, error.closes_window, str(error)) == (
        "131047",
        True,
        str(refusal(131047, 400, "T", None)),
    )


OWN_CODE = (
    "Meta refused the message with a code of its own: look it up in Meta's list of error codes."
)


@pytest.mark.parametrize(
    ("code", "kept", "said"),
    [
        *(
            (nothing, "", f"{OWN_CODE} (T)")
            for nothing in (None, "", " ", [], {"a": 1}, True, 0.5, float("inf"), float("nan"))
        ),
        ("abc", "abc", f"{OWN_CODE} (Graph error abc: T)"),
        (
            "\u0661\u0669\u0660",
            "\u0661\u0669\u0660",
            f"{OWN_CODE} (Graph error \u0661\u0669\u0660: T)",
        ),
        ("9" * 5000, "9" * 64, f"{OWN_CODE} (Graph error {'9' * 64}: T)"),
        (10**100, f"1{'0' * 63}", f"{OWN_CODE} (Graph error 1{'0' * 63}: T)"),
        (999_999, "999999", f"{OWN_CODE} (Graph error 999999: T)"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_code_is_one_of_its_own_and_never_an_error_of_ours(code, kept, said):
    error = refusal(code, 400, "T", None, code)

    assert (error.then, error.code, str(error)) == (FAILED, kept, said)


def test_neither_a_code_nor_words_leave_the_advice_alone():
    assert str(refusal(None, 400, "", None)) == OWN_CODE


@pytest.mark.parametrize(
    "code",
    [
        190,
        131031,
        131047,
        131026,
        99999,
        "131047",
        131047.0,
        None,
        [],
        {"a": 1},
        10**30,
        "9" * 5000,
        True,
    ],
    ids=repr,
)
def test_a_status_is_read_with_the_same_table_and_whatever_its_code_is_no_error_of_ours(code):
    item = bodies.status("wamid.1", "failed", errors=[{"code": code, "title": "T"}])
    value = bodies.value(ACME_NUMBER, statuses=(item,))
    (event,) = parse(json.dumps({"entry": [bodies.entry(ACME_ACCOUNT, value)]}).encode())
    meaning = meaning_of(code)

    assert (event.status, event.parks, event.closes_window) == (
        "failed",
        meaning.parks,
        meaning.closes_window,
    )
    assert event.error.startswith(meaning.advice)


ANOTHERS_SENTENCE = (
    "Another responder has this conversation, and only the escalation partner may take it: wait"
    " until it is passed to us, or have the business change its routing in Meta Business Suite."
    " (Graph error 100: T)"
)
OWNERSHIP = [2494191, "2494191", " 2494191.0 "]


@pytest.mark.parametrize("meanings", [MEANINGS, OF_A_NUMBER, CONNECTED], ids=["a", "b", "c"])
@pytest.mark.parametrize("subcode", OWNERSHIP, ids=repr)
def test_a_refusal_because_of_who_has_the_thread_fails_with_a_sentence_and_parks_nothing(
    meanings, subcode
):
    error = refusal(100, 400, "T", None, subcode, meanings)

    assert (error.then, error.is_anothers, str(error)) == (FAILED, True, ANOTHERS_SENTENCE)
    assert (error.parks, error.slows, error.retry_in, error.closes_window) == ("", "", None, False)


@pytest.mark.parametrize("subcode", [None, 33, 2494190, 2494192, "x", [2494191]], ids=repr)
def test_any_other_refusal_says_nothing_of_who_has_the_thread(subcode):
    assert refusal(100, 400, "T", None, subcode, OF_A_NUMBER).is_anothers is False
    assert refusal(131009, 400, "T", None, 2494191, OF_A_NUMBER).is_anothers is False


def failed_with(subcode: object) -> StatusUpdate:
    error = {"code": 100, "error_subcode": subcode, "title": "T"}
    item = bodies.status("wamid.1", "failed", errors=[error])
    value = bodies.value(ACME_NUMBER, statuses=(item,))
    (event,) = parse(json.dumps({"entry": [bodies.entry(ACME_ACCOUNT, value)]}).encode())
    assert isinstance(event, StatusUpdate)
    return event


@pytest.mark.parametrize("subcode", OWNERSHIP, ids=repr)
def test_a_status_says_the_same_of_who_has_the_thread(subcode):
    told, other = failed_with(subcode), failed_with(2494192)

    assert (told.is_anothers, told.error, told.parks) == (True, ANOTHERS_SENTENCE, "")
    assert (other.is_anothers, other.error) == (False, PARAMETER)
