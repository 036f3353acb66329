"""Meta's side of connecting a business, as the stand-in plays it: dialog, script, codes, tokens,
and what is set over HTTP.
"""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.support.whatsapp.connecting import ACME, APP_ID, BACK, GLOBEX, NUMBER, TOKEN, refused
from whatsapp import business
from whatsapp.graph import client

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("acme_at_meta")]
ASKED = {
    "client_id": APP_ID,
    "redirect_uri": BACK,
    "state": "st&te",
    "response_type": "code",
    "config_id": "1",
}


def dialog(graph, choice: str, **changes: str) -> requests.Response:
    """What the browser gets for a click in the dialog."""
    asked = {**ASKED, **changes}
    page = requests.get(f"{graph.url}/v25.0/dialog/oauth", params=asked, timeout=10)
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text.replace("&amp;", "&")))
    return requests.get(
        f"{graph.url}/dialog/answer",
        params={**kept, "choice": choice},
        timeout=10,
        allow_redirects=False,
    )


def back_with(response: requests.Response) -> tuple[str, dict[str, str]]:
    address = urlsplit(response.headers["Location"])
    return address._replace(query="").geturl(), dict(parse_qsl(address.query))


def window(graph) -> tuple[dict, dict]:
    """What the window tells the page, and what it tells the script."""
    page = requests.get(
        f"{graph.url}/dialog/window", params={"client_id": APP_ID, "cb": "login1"}, timeout=10
    ).text
    event, answer = json.loads(re.search(r"const message of (.*)\) to", page)[1])
    return json.loads(event), dict(parse_qsl(answer))


def test_the_dialog_leads_back_with_a_code_for_that_address_alone(graph):
    address, told = back_with(dialog(graph, "continue"))

    assert (address, told["state"], set(told)) == (BACK, "st&te", {"code", "state"})
    assert refused(lambda: business.exchange(told["code"])).subcode == "36008"
    assert business.inspect(
        business.exchange(told["code"], redirect_uri=BACK).token
    ).account_ids == (ACME,)


def test_the_dialog_leads_back_without_a_code_where_it_is_cancelled(graph):
    address, told = back_with(dialog(graph, "cancel"))

    assert (address, told["error"], told["state"], graph.business.codes) == (
        BACK,
        "access_denied",
        "st&te",
        {},
    )


@pytest.mark.parametrize(
    "changes", [{"client_id": "1"}, {"redirect_uri": "javascript:alert(1)"}, {"redirect_uri": ""}]
)
def test_the_dialog_does_not_open_for_another_app_or_nowhere(changes, graph):
    assert (
        requests.get(
            f"{graph.url}/dialog/oauth", params={**ASKED, **changes}, timeout=10
        ).status_code
        == 400
    )
    assert dialog(graph, "continue", **changes).status_code == 400


IDS = {"waba_id": ACME, "business_id": "900000000000001"}


@pytest.mark.parametrize(
    ("event", "data", "has_code"),
    [
        ("FINISH", {**IDS, "phone_number_id": NUMBER}, True),
        ("FINISH_ONLY_WABA", IDS, True),
        ("FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", IDS, True),
        ("CANCEL", {"current_step": "PHONE_NUMBER_SETUP"}, False),
    ],
)
def test_the_window_tells_the_page_what_happened_and_the_script_its_code(
    event, data, has_code, graph
):
    graph.business.event = event
    told, answer = window(graph)

    assert told == {"type": "WA_EMBEDDED_SIGNUP", "event": event, "data": data, "version": "3"}
    assert (answer["cb"], "code" in answer) == ("login1", has_code)


def test_the_window_may_lie_about_what_was_granted(graph):
    graph.business.open_account(GLOBEX, is_granted=False)
    graph.business.event_data = {"waba_id": GLOBEX, "note": "</script>"}
    told, answer = window(graph)

    token = business.exchange(answer["code"]).token
    assert told["data"] == {"waba_id": GLOBEX, "note": "</script>"}
    assert GLOBEX not in business.inspect(token).account_ids
    assert refused(lambda: business.business_account(GLOBEX, token=token)).subcode == "33"


def test_the_script_defines_what_pages_call(graph):
    script = requests.get(f"{graph.url}/en_US/sdk.js", timeout=10)

    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert re.findall(r"^    (\w+): \(", script.text, re.M) == ["init", "login"]


def test_a_granted_token_sees_what_was_granted_until_it_is_revoked(graph):
    graph.business.open_account(GLOBEX, {"id": "500"}, is_granted=False)
    token = business.exchange(graph.business.give_code()).token

    assert business.number(NUMBER, token=token).id == NUMBER
    assert [
        refused(lambda node=node: business.number(node, token=token)).subcode
        for node in ("500", "600")
    ] == ["33", "33"]
    graph.business.revoke(token)
    dead = refused(lambda: business.number(NUMBER, token=token))
    assert (dead.code, dead.parks) == ("190", "needs_reauth")


def test_any_other_token_is_taken_as_before_until_it_is_revoked(graph):
    def send() -> str:
        return client.send(
            "600",
            token=TOKEN,
            body={"type": "text", "text": {"body": "Hi"}},
            to="4670",
            reference="r",
        )[0]

    assert (business.number("600", token=TOKEN).id, send()[:6]) == ("600", "wamid.")
    graph.business.revoke(TOKEN)
    assert refused(send).code == "190"


@pytest.mark.parametrize(
    ("secret", "requires", "code"), [("another-secret-of-an-app", False, "100"), ("", True, "100")]
)
def test_a_wrong_proof_is_refused_and_a_missing_one_where_it_is_required(
    secret, requires, code, settings, graph
):
    settings.META_APP_SECRET, graph.business.requires_proof = secret, requires

    assert refused(lambda: business.number(NUMBER, token=TOKEN)).code == code


def test_everything_is_set_and_shown_over_http_as_well(graph):
    changes = {
        "accounts": [
            {
                "id": GLOBEX,
                "name": "Globex",
                "numbers": [{"id": "500", "status": "BANNED"}],
                "is_granted": False,
            }
        ],
        "event": "CANCEL",
        "token_seconds": 0,
        "revoke": [TOKEN],
        "script": {"register": [{"code": 133016}]},
    }
    shown = requests.post(f"{graph.url}/stand-in/business", json=changes, timeout=10).json()

    assert shown == requests.get(f"{graph.url}/stand-in/business", timeout=10).json()
    assert (shown["event"], shown["revoked"], list(shown["accounts"])) == (
        "CANCEL",
        [TOKEN],
        [ACME, GLOBEX],
    )
    assert (
        refused(lambda: business.register(NUMBER, token="another", pin="314159")).code == "133016"
    )
    assert business.number("500", token="another").status == "BANNED"
    assert business.exchange(graph.business.give_code()).expires_at is None
    assert (
        requests.post(
            f"{graph.url}/stand-in/business", json={"evnt": "FINISH"}, timeout=10
        ).status_code
        == 400
    )


def test_the_stand_ins_own_refusals_are_the_ones_meta_has(graph):
    used, old, other = (
        graph.business.give_code(),
        graph.business.give_code(),
        graph.business.give_code(BACK),
    )
    graph.business.codes[old].ends_at = 0
    business.exchange(used)

    calls = [
        (used, ""),
        (old, ""),
        (other, ""),
        (other, BACK + "/"),
        (graph.business.give_code(), BACK),
        ("made-up", ""),
    ]
    failures = [
        refused(lambda code=code, back=back: business.exchange(code, redirect_uri=back))
        for code, back in calls
    ]
    assert [(error.code, error.subcode) for error in failures] == [
        ("100", "36009"),
        ("100", "36007"),
        ("100", "36008"),
        ("100", "36008"),
        ("100", "36008"),
        ("100", ""),
    ]
    assert business.exchange(other, redirect_uri=BACK).expires_at is not None
