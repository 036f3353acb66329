"""What Meta posts: messages to Acme and Globex in turn, and what became of ours."""

import threading
from collections.abc import Iterator

from tests.chaos.meta import Graph, body_of, people
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.whatsapp import bodies
from whatsapp.stand_in import envelope

ACCOUNTS = {ACME_NUMBER: ACME_ACCOUNT, GLOBEX_NUMBER: GLOBEX_ACCOUNT}
LOOK_SECONDS = 0.05


def messages() -> Iterator[bytes]:
    """Without end; no contact writes more than may be answered in an hour."""
    for n, message in enumerate(people()):
        yield body_of(message, *list(ACCOUNTS.items())[n % len(ACCOUNTS)])


def delivered(graph: Graph, is_over: threading.Event) -> Iterator[bytes]:
    """A status for each message that Graph has accepted, as they come; until `is_over` is set and
    all are told.
    """
    told = 0
    while True:
        is_last, new = is_over.is_set(), graph.ledger[told:]
        yield from map(delivered_body, new)
        told += len(new)
        if is_last:
            return
        is_over.wait(LOOK_SECONDS)


def delivered_body(entry: dict) -> bytes:
    number, reference = entry["phone_number_id"], entry["message"]["biz_opaque_callback_data"]
    item = bodies.status(entry["wamid"], "delivered", biz_opaque_callback_data=reference)
    return envelope(ACCOUNTS[number], bodies.value(number, statuses=(item,)))


def ids(count: int) -> list[str]:
    """The provider's ids of the first so many messages."""
    return [f"wamid.crowd-{n:05}" for n in range(count)]
