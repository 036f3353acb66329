"""With Acme's key nothing of Globex is read, named or changed, wherever one of its ids stands.
Every operation is tried, as the API's own description lists them.
"""

import json
from uuid import uuid4

import pytest

from channels_app.models import Channel, LoggedEvent, MessageTemplate
from messaging.models import Contact, Conversation, Media, Message, WebhookEndpoint
from tenants.scope import operator_scope
from tests.support.api import Caller, as_told, new_key
from tests.support.api_schema import bodies_naming, operations, sample
from tests.support.raw import snapshot

pytestmark = pytest.mark.whatsapp

MODELS = {
    "channels": Channel,
    "contacts": Contact,
    "events": LoggedEvent,
    "conversations": Conversation,
    "media": Media,
    "messages": Message,
    "templates": MessageTemplate,
    "webhook-endpoints": WebhookEndpoint,
}
WORDS = {  # what a field of a body or a filter names
    "channel": "channels",
    "contact": "contacts",
    "conversation": "conversations",
    "event": "events",
    "reply_to": "messages",
}
REFUSED = {400, 404, 422}


@pytest.fixture
def stage(both, web, db_rows):
    """Acme's caller, and a function that gives an id of Globex by resource."""
    acme, globex = both
    with operator_scope():
        ids = {
            name: str(model.objects.filter(tenant=globex).latest("id").id)
            for name, model in MODELS.items()
        }
    return Caller(web, new_key(acme)), Caller(web, new_key(globex)), ids, acme, globex


def canaries(db_rows, globex) -> set[str]:
    """Everything of Globex that Acme could not guess: ids, texts, names, numbers."""
    found = set()
    for rows in snapshot(db_rows, globex).values():
        for row in rows:
            found |= {str(row["id"]), *(row.get(word) or "" for word in ("text", "name", "value"))}
    return {word for word in found if len(word) > 8 and "of Acme" not in word}


def leaked(response, words) -> list[str]:
    """What an answer tells that its request did not name."""
    asked = f"{response.request.url} {response.request.body}"
    text = response.text + json.dumps(dict(response.headers))
    return [word for word in words if word in text and word not in asked]


OF_TENANTS = [each for each in operations() if not each.is_platforms]


@pytest.mark.parametrize("operation", OF_TENANTS, ids=lambda each: each.id)
def test_no_operation_shows_or_changes_what_is_another_tenants(operation, stage, db_rows):
    acmes, globexs, ids, acme, globex = stage
    words = canaries(db_rows, globex)
    before = rows_of(db_rows, globex), rows_of(db_rows, acme)
    answers = []

    def foreign(name: str) -> str:
        return ids[WORDS[name]]

    if "{id}" in operation.path:
        body = sample(operation.body) if operation.body else None
        theirs = operation.path.replace("{id}", ids[operation.resource])
        answers.append(acmes.call(operation.method, theirs, json=body))
    for given in bodies_naming(operation.body or {}, foreign):
        mine = operation.path
        if "{id}" in mine:
            mine = mine.replace("{id}", own_id(acme, operation.resource))
        answers.append(acmes.call(operation.method, mine, json=given))
    for parameter in operation.parameters:
        if parameter["schema"].get("format") == "uuid":
            answers.append(
                acmes.get(operation.path, **{parameter["name"]: foreign(parameter["name"])})
            )
        if parameter["name"] in ("order", "external_id", "address"):
            answers.append(acmes.get(operation.path, **{parameter["name"]: ids["messages"]}))
        if parameter["name"] == "after" and (cursor := next_of(globexs, operation.path)):
            answers.append(acmes.get(operation.path, after=cursor))

    assert {answer.status_code for answer in answers} - REFUSED <= {200}
    assert [answer.json() for answer in answers if answer.status_code == 200] == [
        {"items": [], "next": None} for answer in answers if answer.status_code == 200
    ]
    assert [leaked(answer, words) for answer in answers] == [[] for _ in answers]
    assert (rows_of(db_rows, globex), rows_of(db_rows, acme)) == before


def rows_of(db_rows, tenant) -> dict:
    """All but the keys, whose use is noted."""
    return {table: rows for table, rows in snapshot(db_rows, tenant).items() if table != "api_keys"}


def next_of(caller: Caller, path: str) -> str | None:
    return None if "{id}" in path else caller.get(path, limit=1).json()["next"]


def own_id(acme, resource: str) -> str:
    with operator_scope():
        return str(MODELS[resource].objects.filter(tenant=acme).latest("id").id)


def test_the_words_that_must_not_leak_do_leak_to_their_owner(stage, db_rows):
    _, globexs, ids, _, globex = stage
    words = canaries(db_rows, globex)

    assert leaked(globexs.get("contacts"), words)
    assert leaked(globexs.get(f"messages/{ids['messages']}"), words)


@pytest.mark.parametrize(
    "resource", ["channels", "contacts", "conversations", "messages", "templates"]
)
def test_what_is_anothers_and_what_is_nothing_are_answered_with_the_same_bytes(resource, stage):
    acmes, _, ids, _, _ = stage

    theirs = acmes.get(f"{resource}/{ids[resource]}")
    nothing = acmes.get(f"{resource}/{uuid4()}")

    assert (theirs.status_code, as_told(theirs)) == (404, as_told(nothing))
