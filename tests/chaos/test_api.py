"""A process of the API is killed while it answers: whoever sends the request again gets one
message.
"""

import json

import pytest
import requests

from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

QUEUED = "messaging.outbound.submit.queue"
ANSWERED = "tenants.api.views.ApiView.finalize_response"
SENT = "SELECT id::text FROM messaging.messages WHERE origin = 'api'"


@pytest.mark.parametrize(
    ("failpoint", "stored"),
    [(f"{QUEUED}:after:kill:1", 0), (f"{ANSWERED}[POST]:before:kill:1", 1)],
    ids=["before the commit", "between the commit and the answer"],
)
def test_a_message_whose_process_was_killed_is_sent_once_when_asked_again(
    stage, tmp_path, failpoint, stored
):
    stage.start_worker()
    web = stage.web(failpoints=f"{failpoint}:{tmp_path / 'killed'}")
    stage.write(web)
    stage.wait_until_calm()
    made = stage.manage("create_api_key", "--tenant", "acme", "--name", "Shop")
    headers = {
        "Authorization": f"Bearer {json.loads(made.stdout)['key']}",
        "Idempotency-Key": "order 7",
    }
    ((conversation,),) = stage.rows("SELECT id::text FROM messaging.conversations")
    body = {"conversation": conversation, "content": {"kind": "text", "body": "On its way"}}

    def ask() -> requests.Response:
        return requests.post(f"{web.url}/api/v1/messages", json=body, headers=headers, timeout=20)

    with pytest.raises(requests.RequestException):
        ask()
    assert len(stage.rows(SENT)) == stored
    assert eventually(web.is_healthy, 20)

    answers = [ask() for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert {answer.json()["id"] for answer in answers} == {id for (id,) in stage.rows(SENT)}
    stage.wait_until_calm()
    said = [each["message"].get("text", {}).get("body") for each in stage.graph.ledger]
    assert said.count("On its way") == 1
    stage.assert_the_books_balance()
