"""Our role on a number that several responders share, read from whatever holds its word."""

from typing import Any

import pytest

from channels_app.providers import SendError
from tests.support.cast import ACME_NUMBER
from whatsapp.business import thread_role

pytestmark = pytest.mark.whatsapp

PATH = "{phone_number_id}/routing_roles"


@pytest.fixture
def read(graph):
    def read(answer: Any = None, path: str = PATH) -> str:
        if answer is not None:
            graph.onboarding_script["routing_roles"].append({"answer": answer})
        return thread_role(ACME_NUMBER, token="token", path=path)

    return read


@pytest.mark.parametrize(
    ("answer", "role"),
    [
        ({"roles": ["PRIMARY"], "is_standby": True}, "primary"),
        ({"roles": ["primary_for_ads", "escalation_partner"]}, "escalation"),
        ({"roles": "Escalation"}, "escalation"),
        ({"roles": [{"entry_point": "ads", "role": "PRIMARY"}, 7, None]}, "primary"),
        ({"roles": [], "is_standby": True}, "standby"),
        ({"roles": ["STANDBY_PARTNER"]}, "standby"),
        ({"is_standby": True}, "standby"),
        ({"roles": [], "is_standby": False}, ""),
        ({"roles": None, "is_standby": "true"}, ""),
        ({"roles": {"role": "primary"}}, "primary"),
        ({"roles": ["a role of tomorrow"]}, ""),
        ({"data": [{"roles": ["primary"]}]}, "primary"),
        ({"id": ACME_NUMBER, "routing_roles": {"roles": [], "is_standby": True}}, "standby"),
    ],
    ids=str,
)
def test_a_role_is_read_however_it_is_written(read, answer, role):
    assert read(answer) == role


@pytest.mark.parametrize("answer", [{}, {"data": []}, {"id": "4"}, {"data": [7, {"a": 1}]}])
def test_an_answer_without_roles_is_refused(read, answer):
    with pytest.raises(SendError) as caught:
        read(answer)

    assert (caught.value.then, caught.value.parks) == ("failed", "")
    assert "WHATSAPP_ROUTING_ROLES_PATH" in str(caught.value)


def test_the_stand_in_tells_the_roles_that_it_plays(read, graph):
    told = [read()]
    graph.second_responder(ACME_NUMBER, we_listen=False)
    told.append(read())
    graph.second_responder(ACME_NUMBER)
    told.append(read())
    graph.second_responder(ACME_NUMBER, primary={"chat": "us"}, escalation="us")
    told.append(read())

    assert told == ["primary", "", "standby", "escalation"]


def test_the_path_may_have_a_query_and_holds_the_numbers_id(read, graph):
    graph.onboarding_script["number"].append({"answer": {"roles": ["primary"]}})
    assert read(path="{phone_number_id}?fields=roles,is_standby") == "primary"

    (asked,) = graph.asked
    assert (asked.method, asked.path, asked.token) == ("GET", f"/{ACME_NUMBER}", "token")
    assert asked.query["fields"] == "roles,is_standby"
