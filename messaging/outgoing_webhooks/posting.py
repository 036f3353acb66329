"""One request to an endpoint, and what its answer means. There is no database here.

It goes past the SSRF guard, follows no redirect, and is over within POST_SECONDS.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import requests
import urllib3
from django.conf import settings
from django.utils import timezone

from channels_app.http.public_addresses import NotPublic
from channels_app.http.safe_http import Connections
from channels_app.storable import storable_text
from messaging.outgoing_webhooks import retry, signing
from messaging.outgoing_webhooks.bodies import Content

POST_SECONDS = 15
ANSWER_BYTES = 1000  # that are kept
SLOW_SECONDS = 2.0
GONE = 410
USER_AGENT = "messaging-webhooks/1"
TIMED_OUT, NOT_PUBLIC, BROKEN = "time-out", "not public", "broken answer"
WORDS: dict[tuple[type[BaseException], ...], str] = {
    (NotPublic,): NOT_PUBLIC,
    (TimeoutError,): TIMED_OUT,
    (ssl.SSLError,): "no TLS",
    (urllib3.exceptions.NewConnectionError, socket.gaierror): "unreachable",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: an HTTP status, or a word for why there is none."""

    at: datetime
    seconds: float
    status: int | None = None
    error: str = ""
    text: str = ""
    retry_after: float | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE

    @property
    def is_slow(self) -> bool:
        return self.seconds > SLOW_SECONDS

    @property
    def timed_out(self) -> bool:
        return self.error == TIMED_OUT


class Poster:
    """Requests to one endpoint, one after another, on a connection that is kept between them."""

    def __init__(self, url: str, secrets: tuple[str, ...]) -> None:
        self.url, self.secrets = url, secrets
        self.connections = Connections(settings.WEBHOOK_ALLOWED_HOSTS)

    def close(self) -> None:
        self.connections.close()

    def post(self, content: Content) -> Answer:
        """Send the event, signed for this moment. Never raises for what a network or a server
        does.
        """
        at, begun = timezone.now(), time.monotonic()
        try:
            status, text, retry_after = self.answer_to(content, at)
        except (
            NotPublic,
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            http.client.HTTPException,
            OSError,
            ValueError,
        ) as failure:
            return Answer(at, time.monotonic() - begun, error=word_for(failure))
        return Answer(at, time.monotonic() - begun, status, "", text, retry_after)

    def answer_to(self, content: Content, at: datetime) -> tuple[int, str, float | None]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            **signing.signed_headers(
                self.secrets, content.event_id, int(at.timestamp()), content.body
            ),
        }
        with self.connections.request(
            "POST",
            self.url,
            seconds=POST_SECONDS,
            each_step=POST_SECONDS,
            headers=headers,
            body=content.body,
        ) as response:
            asked_for = retry.asked_for(response.headers.get("Retry-After"), at)
            return response.status_code, beginning(response), asked_for


def beginning(response: requests.Response) -> str:
    """Return the first of what was answered. The status counts even if the rest never comes."""
    try:
        # one more, so that an answer of just this length is seen to end
        content = response.raw.read(ANSWER_BYTES + 1, decode_content=False)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
        return ""
    return storable_text(content[:ANSWER_BYTES].decode("utf-8", "replace"))


def word_for(failure: BaseException) -> str:
    """Return a word for why there is no answer, from all that led to the exception."""
    causes = list(causes_of(failure))
    return next(
        (word for kinds, word in WORDS.items() if any(isinstance(each, kinds) for each in causes)),
        BROKEN,
    )


def causes_of(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__
