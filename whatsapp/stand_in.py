"""A local Graph API: for development, demonstrations and tests.

It answers as Meta does, keeps a ledger of every POST that reached it, reports statuses back through signed webhooks, and fails
as its script says. A script is a list of steps, one for each coming POST of a message:

    {}                                  accepted
    {"code": 131056}                    refused with this Graph error, HTTP 400; "http": another status
    {"http": 502}                       an HTML error page
    {"delay": 2}                        answers after so many seconds; goes with any other
    {"then": "hang"}, {"then": "close"} accepted, and no answer / the connection closed

`POST /stand-in/script` appends steps, `GET /stand-in/ledger` shows what came, `POST /stand-in/reset` forgets both.
"""

import base64
import json
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from whatsapp import signature

HANG_SECONDS = 60
STATUS_PAUSE_SECONDS = 0.05
Json = dict[str, Any]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # many workers call at once


class StandIn:
    """`callback`: our webhook's address; None: no statuses are reported. `account_of`: a phone number id's WABA id."""

    def __init__(
        self, *, app_secret: str, account_of: Callable[[str], str] = str, callback: str | None = None, port: int = 0
    ) -> None:
        self.app_secret, self.account_of, self.callback = app_secret, account_of, callback
        self.ledger: list[Json] = []
        self.script: deque[Json] = deque()
        self.lock = threading.Lock()
        self.reports: queue.Queue[Json | None] = queue.Queue()
        self.stopping = threading.Event()
        self.server = Server(("127.0.0.1", port), type("Handler", (Handler,), {"stand_in": self}))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> None:
        for work in (self.server.serve_forever, self.report):
            threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self.reports.put(None)
        self.server.shutdown()
        self.server.server_close()

    def reset(self) -> None:
        with self.lock:
            self.ledger, self.script = [], deque()

    def take(self, phone_number_id: str, token: str, message: Json) -> tuple[Json, Json]:
        """Enter a POST into the ledger; its entry and the script's step for it."""
        with self.lock:
            step = self.script.popleft() if self.script else {}
            is_accepted = "code" not in step and "http" not in step
            wamid = "wamid." + base64.b64encode(os.urandom(24)).decode() if is_accepted else None
            entry = {"phone_number_id": phone_number_id, "token": token, "message": message, "wamid": wamid, "at": time.time()}
            self.ledger.append(entry)
        if is_accepted:
            self.reports.put(entry)
        return entry, step

    def report(self) -> None:
        """Tell our webhook what became of each accepted message."""
        while (entry := self.reports.get()) is not None:
            for status in ("sent", "delivered") if self.callback else ():
                self.stopping.wait(STATUS_PAUSE_SECONDS)
                self.send_status(entry, status)

    def send_status(self, entry: Json, status: str) -> None:
        message = entry["message"]
        item = {
            "id": entry["wamid"],
            "status": status,
            "timestamp": str(int(time.time())),
            "recipient_id": message.get("to"),
            "recipient_user_id": message.get("recipient"),
            "biz_opaque_callback_data": message.get("biz_opaque_callback_data"),
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550100001", "phone_number_id": entry["phone_number_id"]},
            "statuses": [{key: each for key, each in item.items() if each}],
        }
        body = envelope(self.account_of(entry["phone_number_id"]), value)
        with suppress(requests.RequestException):  # Meta would try again for days; a demonstration does not
            requests.post(self.callback or "", data=body, headers=signed(body, self.app_secret), timeout=10)


def envelope(account_id: str, value: Json) -> bytes:
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": account_id, "changes": [change]}]}).encode()


def signed(body: bytes, app_secret: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "X-Hub-Signature-256": signature.sign(body, app_secret)}


class Handler(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = self.path.partition("?")[0].strip("/").split("/")
        if parts == ["stand-in", "ledger"]:
            self.answer(200, self.stand_in.ledger)
        elif not self.token():
            self.refuse(190, 401)
        else:
            self.answer(200, {"id": parts[-1], "display_phone_number": "+1 555 0100001", "verified_name": "Stand-in"})

    def do_POST(self) -> None:
        parts = self.path.strip("/").split("/")
        content = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"null")
        if parts == ["stand-in", "script"]:
            self.stand_in.script.extend(content)
            self.answer(200, {"steps": len(self.stand_in.script)})
        elif parts == ["stand-in", "reset"]:
            self.stand_in.reset()
            self.answer(200, {})
        elif not self.token():
            self.refuse(190, 401)
        elif parts[-1] != "messages" or not isinstance(content, dict) or not (content.get("to") or content.get("recipient")):
            self.refuse(100, 400)
        else:
            self.take_message(parts[-2], content)

    def take_message(self, phone_number_id: str, message: Json) -> None:
        entry, step = self.stand_in.take(phone_number_id, self.token(), message)
        self.stand_in.stopping.wait(step.get("delay", 0))
        if "code" in step:
            self.refuse(step["code"], step.get("http", 400), step.get("headers", {}))
        elif "http" in step:
            self.answer(step["http"], "<html>Bad gateway</html>")
        elif step.get("then") == "hang":
            self.stand_in.stopping.wait(HANG_SECONDS)
            self.close_connection = True
        elif step.get("then") == "close":
            self.close_connection = True
        else:
            to = message.get("to") or message.get("recipient")
            contact = {"input": to, "wa_id" if "to" in message else "user_id": to}
            self.answer(200, {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": entry["wamid"]}]})

    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ").strip()

    def refuse(self, code: int, http: int, headers: dict[str, str] | None = None) -> None:
        error = {
            "message": f"(#{code}) Refused by the stand-in",
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "stand-in",
        }
        self.answer(http, {"error": error}, headers)

    def answer(self, http: int, content: Any, headers: dict[str, str] | None = None) -> None:
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(http)
        self.send_header("Content-Type", "text/html" if isinstance(content, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet: the ledger tells."""
