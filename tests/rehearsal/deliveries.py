"""The corpus: more than two thousand webhook bodies, the same ones in each run but for the times of
what is answered.
"""

import gzip
import itertools
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.whatsapp import bodies, corpus, reported

KEPT_SHAPES = Path(__file__).with_name("shapes.json.gz")
MIXED = 1_100
# seconds: the first of what is answered was said so long before the run, and each next one a second
# later
AGO = 3_000
AGAIN = 6  # one delivery in so many comes twice
RECORDED_TIME = re.compile(rb'("(?:timestamp|time)": ?"?)\d{10}\b')
RECORDED_ID = re.compile(rb'("(?:id|message_id)": ?"wamid\.[^"]*)"')
PEOPLE = [
    *(f"46700000{number:03}" for number in range(40)),
    *(f"SE.{number}" for number in range(100, 120)),
]
CHANNELS = (
    (ACME_ACCOUNT, ACME_NUMBER),
    (ACME_ACCOUNT, "400000000000009"),
    (GLOBEX_ACCOUNT, GLOBEX_NUMBER),
)
WORDS = ("sent", "delivered", "read", "failed", "played")
REFUSED = {"errors": [{"code": 131026, "title": "Message undeliverable"}]}


def deliveries() -> Iterator[bytes]:
    recorded = [(corpus.FOLDER / case["file"]).read_bytes() for case in corpus.CASES]
    yield from recorded
    began = int(time.time()) - AGO
    yield from (renewed(body, began + number) for number, body in enumerate(recorded))
    yield from (
        reported.body_of(path.stem)
        for path in sorted(reported.REPORTS.glob("*.json"))
        if is_webhook(path.read_text())
    )
    yield from shaped()
    yield from mixed(Chance(12))


class Chance(random.Random):
    """What is by chance the same in each run, with a clock that goes on a second at each look."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.clock = itertools.count(int(time.time()) - AGO + 1_000)
        self.numbers = itertools.count(1)


def renewed(body: bytes, at: int) -> bytes:
    """A recorded webhook as if it came now: other messages than those of the recording."""
    return RECORDED_ID.sub(rb'\1.again"', RECORDED_TIME.sub(rb"\g<1>%d" % at, body))


def is_webhook(text: str) -> bool:
    return "entry" in json.loads(text)


def shaped() -> Iterator[bytes]:
    """Bodies of every shape that Meta documents, drawn once from tests/support/whatsapp/shapes.py.

    They are kept, because Hypothesis draws constants of our own source, too: drawn anew, they would
    be others after each change of the code.
    """
    kept = json.loads(gzip.decompress(KEPT_SHAPES.read_bytes()))
    return (body.encode() for body in kept)


def mixed(chance: Chance) -> Iterator[bytes]:
    """Several people at several numbers in one body, statuses of what we sent, news of accounts;
    some of it more than once.
    """
    sent: list[bytes] = []
    for _ in range(MIXED):
        entries = [one_of(chance) for _ in range(chance.choice((1, 1, 1, 2, 5)))]
        body = bodies.webhook(*entries)
        sent.append(body)
        yield body
        if not chance.randrange(AGAIN):
            yield chance.choice(sent)


def one_of(chance: Chance) -> dict[str, Any]:
    account, number = chance.choice(CHANNELS)
    kind = chance.choice(
        ("messages",) * 6 + ("statuses",) * 3 + ("echoes", "ids", "preferences", "news")
    )
    return MAKERS[kind](chance, account, number)


def messages_of(chance: Chance, account: str, number: str) -> dict[str, Any]:
    said = tuple(message_of(chance) for _ in range(chance.choice((1, 1, 2, 12))))
    return bodies.entry(
        account, bodies.value(number, messages=said, name=chance.choice(("Ada", "Grace", "")))
    )


def message_of(chance: Chance) -> dict[str, Any]:
    ago = chance.choice((0, 0, 0, 0, 90, 86_400, 9 * 86_400))
    wamid = f"wamid.mixed.{next(chance.numbers)}"
    message = bodies.text(
        f"Text {wamid}", sender=chance.choice(PEOPLE), wamid=wamid, at=next(chance.clock) - ago
    )
    kind = chance.choice(("text",) * 4 + tuple(KINDS))
    if kind in KINDS:
        del message["text"]
        message |= {"type": kind, kind: KINDS[kind]}
    if not chance.randrange(5):
        message["context"] = {"id": f"wamid.mixed.{chance.randrange(1, 3_000)}"}
    return message


def statuses_of(chance: Chance, account: str, number: str) -> dict[str, Any]:
    told = []
    for _ in range(chance.choice((1, 2, 6))):
        person = chance.choice(PEOPLE)
        word = chance.choice(WORDS)
        wamid = f"wamid.to.{number}.{person}.{chance.randrange(1, 12)}"
        told.append(
            bodies.status(
                wamid, word, at=next(chance.clock), **(REFUSED if word == "failed" else {})
            )
        )
    return bodies.entry(account, bodies.value(number, statuses=tuple(told)))


def echoes_of(chance: Chance, account: str, number: str) -> dict[str, Any]:
    echo = bodies.text(
        "From the phone",
        wamid=f"wamid.echo.{next(chance.numbers)}",
        sender="15550100001",
        at=next(chance.clock),
    )
    echo["to"] = chance.choice(PEOPLE[:40])
    return bodies.change(
        account, "smb_message_echoes", {**bodies.value(number), "message_echoes": [echo]}
    )


def ids_of(chance: Chance, account: str, number: str) -> dict[str, Any]:
    told = {
        "wa_id": chance.choice(PEOPLE[:40]),
        "user_id": {"current": chance.choice(PEOPLE[40:])},
        "timestamp": str(next(chance.clock)),
    }
    return bodies.change(
        account, "user_id_update", {**bodies.value(number), "user_id_update": [told]}
    )


def preferences_of(chance: Chance, account: str, number: str) -> dict[str, Any]:
    word = chance.choice(("stop", "resume"))
    told = {
        "wa_id": chance.choice(PEOPLE[:40]),
        "category": "marketing_messages",
        "value": word,
        "timestamp": next(chance.clock),
    }
    return bodies.change(
        account, "user_preferences", {**bodies.value(number), "user_preferences": [told]}
    )


def news_of(chance: Chance, account: str, number: str) -> dict[str, Any]:
    field, value = chance.choice(NEWS)
    return bodies.change(account, field, value)


MAKERS: dict[str, Callable[[Chance, str, str], dict[str, Any]]] = {
    "messages": messages_of,
    "statuses": statuses_of,
    "echoes": echoes_of,
    "ids": ids_of,
    "preferences": preferences_of,
    "news": news_of,
}
KINDS = {
    "image": {"id": "901", "mime_type": "image/jpeg", "caption": "Look"},
    "location": {"latitude": 52.5, "longitude": 13.4, "name": "Shop"},
    "reaction": {"message_id": "wamid.mixed.7", "emoji": "👍"},
    "button": {"text": "Yes", "payload": "yes"},
    "hologram": {"deep": [[{}]]},
}
NEWS = [
    (
        "phone_number_quality_update",
        {"display_phone_number": "15550100001", "event": "FLAGGED", "current_limit": "TIER_1K"},
    ),
    ("account_review_update", {"decision": "APPROVED"}),
    (
        "account_update",
        {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}},
    ),
    (
        "message_template_status_update",
        {
            "event": "PAUSED",
            "message_template_id": 77,
            "message_template_name": "hello",
            "message_template_language": "en",
        },
    ),
    ("field_of_tomorrow", {"anything": [1, 2]}),
]
