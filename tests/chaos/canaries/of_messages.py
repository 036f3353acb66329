"""Webhooks and what follows from them: good, forged, broken, and refused at every later place."""

import itertools
import json

import requests

from tests.chaos.canaries.copy import Copy
from tests.chaos.canaries.strategy import RAISES
from tests.chaos.canaries.words import FORGED_KEY, GUESS, NAME, PHONE, TEXT
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.stand_in.files import HeldFile
from whatsapp.webhooks.signature import sign

DOOR = "/api/webhooks/whatsapp"
REFUSED = """
    ALTER TABLE messaging.messages ADD CONSTRAINT no_poison
    CHECK (text NOT LIKE 'poison%') NOT VALID
"""
ERRORS = [{"code": 131026, "title": TEXT, "message": PHONE, "error_data": {"details": TEXT}}]
PEOPLE = itertools.count(1)
A_FAILED = "SELECT count(*) FROM messaging.media WHERE error <> ''"


def item(text: str = TEXT, **more) -> dict:
    """A message of somebody new: no refusal makes another one's wait."""
    return bodies.text(text, sender=f"{PHONE}{next(PEOPLE):03}", **more)


def body_of(*messages: dict, number: str = ACME_NUMBER) -> bytes:
    value = bodies.value(number, messages=messages, name=NAME)
    return bodies.webhook(bodies.entry(ACME_ACCOUNT, value))


def deliver(copy: Copy, body: bytes, signature: str | None = None) -> int:
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(body, SECRET)}
    if signature is not None:
        headers["X-Hub-Signature-256"] = signature
    return requests.post(copy.web.url + DOOR, data=body, headers=headers, timeout=30).status_code


def written(copy: Copy, text: str = TEXT, **more) -> None:
    assert deliver(copy, body_of(item(text, **more))) == 200


def forged_webhooks(copy: Copy) -> None:
    body = body_of(item())
    for signature in (f"sha256={sign(body, GUESS)[7:]}", SECRET, f"sha256={TEXT}", FORGED_KEY, ""):
        assert deliver(copy, body, signature) in (401, 403)
    token = copy.secrets["verify token"]
    for given in (token, f"{token}x", GUESS):
        query = {"hub.mode": "subscribe", "hub.verify_token": given, "hub.challenge": "1"}
        requests.get(copy.web.url + DOOR, params=query, timeout=10)
    headers = {"Host": f"{GUESS.replace(' ', '-')}.example"}
    requests.get(copy.web.url + DOOR, headers=headers, timeout=10)


def broken_webhooks(copy: Copy) -> None:
    """Proven to be Meta's, and not what they should be."""
    nul, lone = {**item(), "text": {"body": f"{TEXT}\0"}}, item(f"{TEXT} \ud800")
    wrong = [{**item(), "id": None}, {**item(), "timestamp": PHONE}, {**item(), "text": TEXT}]
    assert deliver(copy, f"{TEXT} {PHONE}".encode()) == 200
    assert deliver(copy, b'{"' + f"{TEXT} {PHONE}".encode()) == 200
    assert (
        deliver(copy, json.dumps({"object": TEXT, "entry": [PHONE, {"id": NAME}]}).encode()) == 200
    )
    assert deliver(copy, body_of(nul, lone, *wrong)) == 200
    assert deliver(copy, body_of(item(), number="400000000000009")) == 200


def items_that_the_database_refuses(copy: Copy) -> None:
    with copy.stage.session() as session:
        session.execute(REFUSED)
    written(copy, f"poison: {TEXT}")
    copy.wait("SELECT count(*) FROM messaging.dead_letters WHERE cause = 'rejected'")


def a_strategy_that_raises(copy: Copy) -> None:
    written(copy, f"{RAISES}{TEXT}")
    copy.wait("SELECT count(*) FROM messaging.messages WHERE unanswered = 'failed'")


def answers_of_graph_that_repeat_what_they_were_asked(copy: Copy) -> None:
    to_messages = "/messages"
    refusals = [(131026, 400), (131056, 400), (1, 500), (None, 502), (None, 200), (100, 400)]
    for code, status in refusals:
        copy.graph.echoes.append((to_messages, code, status))
        written(copy)
        assert eventually(lambda: not copy.graph.echoes), "nothing was asked"
    for step in ({"then": "close"}, {"delay": 3}, {}):
        copy.graph.script.append(step)
        written(copy)
        assert eventually(lambda: not copy.graph.script)


def statuses_that_say_it_all(copy: Copy) -> None:
    entry = next(each for each in copy.graph.ledger if each["wamid"])
    reference = entry["message"]["biz_opaque_callback_data"]
    status = bodies.status(
        entry["wamid"], "failed", errors=ERRORS, biz_opaque_callback_data=reference
    ) | {"recipient_id": PHONE}
    value = bodies.value(ACME_NUMBER, statuses=(status,))
    assert deliver(copy, bodies.webhook(bodies.entry(ACME_ACCOUNT, value))) == 200


def a_file_that_cannot_be_fetched(copy: Copy) -> None:
    copy.graph.echoes.append(("/7", 100, 400))
    send_image(copy, "7")
    copy.wait(A_FAILED)


def a_file_that_cannot_be_stored(copy: Copy) -> None:
    """A file stands in the place of the folder."""
    copy.graph.files["8"] = HeldFile(b"\xff\xd8\xff\xe0 a picture")
    copy.files.rmdir()
    copy.files.write_text("")
    send_image(copy, "8")
    copy.wait(A_FAILED, 2)


def send_image(copy: Copy, media_id: str) -> None:
    image = {"id": media_id, "mime_type": "image/jpeg", "caption": TEXT}
    assert deliver(copy, body_of(item(type="image", image=image))) == 200


def a_refused_token(copy: Copy) -> None:
    """The channel is parked, and the operators are told."""
    copy.graph.echoes.append(("/messages", 190, 401))
    written(copy)
    copy.wait("SELECT count(*) FROM messaging.channels WHERE status = 'needs_reauth'")


PATHS = (
    forged_webhooks,
    broken_webhooks,
    items_that_the_database_refuses,
    a_strategy_that_raises,
    answers_of_graph_that_repeat_what_they_were_asked,
    statuses_that_say_it_all,
    a_file_that_cannot_be_fetched,
    a_file_that_cannot_be_stored,
    a_refused_token,
)
