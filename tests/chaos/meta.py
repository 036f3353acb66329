"""Meta's side of the wire: a client that repeats what was not answered 200, and a Graph API that
may refuse a token.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.stand_in import StandIn
from whatsapp.stand_in.http import Answer as HttpAnswer
from whatsapp.stand_in.http import Request
from whatsapp.webhooks.signature import sign

PATIENCE_SECONDS = 15
REPEAT_SECONDS = 0.3
NO_ANSWER = 0


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float


class Graph(StandIn):
    """The stand-in, whose ledger is the oracle.

    `steps` answers everything that comes with a token by the same step, `seconds` is how long the
    answer to any message takes, `call_seconds` how long any call takes. While `answering` is not
    set, messages are taken and none is answered.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__(app_secret=SECRET, host=host)
        self.steps: dict[str, dict[str, Any]] = {}
        self.seconds = self.call_seconds = 0.0
        self.answering = threading.Event()
        self.answering.set()
        self.server.handle_error = lambda *_: None  # connections break here all the time
        # socketserver's 5 make a burst of connections wait for seconds
        self.server.socket.listen(128)

    def take(self, phone_number_id: str, token: str, message: dict[str, Any]) -> tuple[dict, dict]:
        entry, step = super().take(phone_number_id, token, message)
        if token in self.steps:
            step = self.steps[token]
            entry["wamid"] = None if "code" in step else entry["wamid"]
        self.answering.wait()
        return entry, {"delay": self.seconds, **step}

    def stop(self) -> None:
        self.answering.set()
        super().stop()

    def turn_away(self, request: Request) -> HttpAnswer | None:
        self.stopping.wait(self.call_seconds)
        return super().turn_away(request)

    def posts_with(self, token: str) -> list[dict]:
        return [entry for entry in list(self.ledger) if entry["token"] == token]


def body_of(message: dict, number: str = ACME_NUMBER, account: str = ACME_ACCOUNT) -> bytes:
    """One message's webhook, to Acme or another channel."""
    return bodies.webhook(bodies.entry(account, bodies.value(number, messages=(message,))))


def crowd(count: int, *, each: int = 3) -> list[dict]:
    """`count` messages, `each` of them from one contact: no contact writes more than may be
    answered in an hour.
    """
    return list(itertools.islice(people(each=each), count))


def people(*, each: int = 3) -> Iterator[dict]:
    """The messages of a crowd without end."""
    for n in itertools.count():
        yield bodies.text(f"message {n}", sender=f"4670{n // each:07}", wamid=f"wamid.crowd-{n:05}")


def post(url: str, body: bytes) -> Answer:
    """One try."""
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(body, SECRET)}
    begun = time.monotonic()
    try:
        status = requests.post(
            f"{url}/api/webhooks/whatsapp", data=body, headers=headers, timeout=PATIENCE_SECONDS
        ).status_code
    except requests.RequestException:
        status = NO_ANSWER
    return Answer(status, time.monotonic() - begun)


class Traffic:
    """Posts bodies in the background at a pace; what is not answered 200 is posted again until it
    is.

    `begun` is how many bodies it has begun with. It ends with the last one that it was given, or
    once `fewest` were begun with: None, until `end_after` says how many.
    """

    def __init__(
        self,
        url: Callable[[], str],
        posted: Iterable[bytes],
        *,
        per_second: float,
        clients: int = 6,
    ) -> None:
        self.url, self.pause = url, 1 / per_second
        self.answers: list[Answer] = []
        self.begun, self.fewest = 0, None
        self.giving_up = threading.Event()
        self.pool = ThreadPoolExecutor(clients)
        self.thread = threading.Thread(target=self.post_all, args=(iter(posted),), daemon=True)
        self.thread.start()

    def post_all(self, posted: Iterator[bytes]) -> None:
        waiting = []
        while not self.giving_up.is_set() and not self.is_enough() and (body := next(posted, None)):
            waiting.append(self.pool.submit(self.post_until_it_is_taken, body))
            self.begun += 1
            self.giving_up.wait(self.pause)
        for each in waiting:
            each.result()

    def is_enough(self) -> bool:
        return self.fewest is not None and self.begun >= self.fewest

    def end_after(self, fewest: int) -> None:
        """Begin with nothing new once there were so many; what was begun with is posted until it is
        taken.
        """
        self.fewest = fewest

    def post_until_it_is_taken(self, body: bytes) -> None:
        while not self.giving_up.is_set():
            answer = post(self.url(), body)
            self.answers.append(answer)
            if answer.status == 200:
                return
            self.giving_up.wait(REPEAT_SECONDS)

    def is_over(self) -> bool:
        return not self.thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Whether everything was answered 200 in time."""
        self.thread.join(seconds)
        return self.is_over()

    def stop(self) -> None:
        self.giving_up.set()
        self.thread.join()
        self.pool.shutdown()
