"""Requests and answers, and who answers what: a table of routes that each part of the stand-in adds
its own to.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from whatsapp.graph.versions import has_ended

VERSION = re.compile(r"^/v\d+\.\d+(?=/)")
DEPRECATED = 2635  # Meta: "You are calling a deprecated version"


@dataclass(frozen=True)
class Request:
    """`path` has neither the API's version nor the query."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def token(self) -> str:
        in_header = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return in_header or self.query.get("access_token", "")

    def json(self) -> Any:
        return json.loads(self.body or b"null")

    def in_short(self) -> "Asked":
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        return Asked(
            self.method, self.path, self.query, self.token, self.json() if is_json else None
        )


@dataclass(frozen=True)
class Asked:
    """A request as the stand-in remembers it; `content`: the JSON that was sent."""

    method: str
    path: str
    query: Mapping[str, str]
    token: str
    content: Any = None


@dataclass(frozen=True)
class Answer:
    """`content`: bytes as they are, a text as a page, anything else as JSON."""

    content: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[str, bytes]:
        if isinstance(self.content, bytes):
            return "application/octet-stream", self.content
        if isinstance(self.content, str):
            return "text/html", self.content.encode()
        return "application/json", json.dumps(self.content).encode()


def graph_error(
    code: int, message: str, *, status: int = 400, subcode: int | None = None
) -> Answer:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "stand-in"}
    return Answer(
        {"error": error if subcode is None else {**error, "error_subcode": subcode}}, status
    )


def refusal(
    code: int,
    status: int = 400,
    headers: Mapping[str, str] | None = None,
    subcode: int | None = None,
) -> Answer:
    """A Graph error that needs no words of its own."""
    answer = graph_error(code, f"(#{code}) Refused by the stand-in", status=status, subcode=subcode)
    return replace(answer, headers=headers or {})


def failing(step: Mapping[str, Any]) -> Answer:
    """What a script's step answers instead of what was asked for."""
    if "answer" in step:
        return Answer(step["answer"])
    if "code" in step:
        return refusal(
            step["code"], step.get("http", 400), step.get("headers"), step.get("subcode")
        )
    return Answer("<html>Something else</html>", step["http"], step.get("headers", {}))


# (stand-in, request, *groups of the path); None: the connection is closed unanswered
Answering = Callable[..., Answer | None]


@dataclass(frozen=True)
class Route:
    """`is_open`: it needs no token."""

    method: str
    path: str
    answer: Answering
    is_open: bool = False


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # many workers call at once


class Handler(BaseHTTPRequestHandler):
    """Subclassed with the stand-in and its routes."""

    stand_in: Any
    routes: tuple[Route, ...]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.handle_request()

    def do_POST(self) -> None:
        self.handle_request()

    def do_DELETE(self) -> None:
        self.handle_request()

    def handle_request(self) -> None:
        asked = urlsplit(self.path)
        version, path = VERSION.match(asked.path), VERSION.sub("", asked.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = dict(parse_qsl(asked.query, keep_blank_values=True))
        request = Request(self.command, path, query, dict(self.headers), body)
        self.stand_in.asked.append(request.in_short())
        answer = (
            refusal(DEPRECATED)
            if version and has_ended(version[0].strip("/"))
            else self.find(request)
        )
        if answer is None:
            self.close_connection = True
        else:
            self.say(answer)

    def find(self, request: Request) -> Answer | None:
        for route in self.routes:
            match = re.fullmatch(route.path, request.path)
            if match and route.method == request.method:
                if not (route.is_open or request.token):
                    return refusal(190, 401)
                turned_away = None if route.is_open else self.stand_in.turn_away(request)
                return turned_away or route.answer(self.stand_in, request, *match.groups())
        return refusal(100)

    def say(self, answer: Answer) -> None:
        content_type, body = answer.encoded()
        self.send_response(answer.status)
        for name, value in {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            **answer.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet: the ledger tells."""
