"""The stand-in's state, and the threads that serve it."""

import base64
import os
import queue
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from whatsapp.json_values import Json
from whatsapp.stand_in import (
    application,
    control,
    control_responders,
    dialog,
    errors,
    files,
    messages,
    nodes,
    oauth,
    onboarding,
    templates,
    thread_control,
)
from whatsapp.stand_in.business import Business
from whatsapp.stand_in.files import HeldFile
from whatsapp.stand_in.http import Answer, Asked, Handler, Request, Server
from whatsapp.stand_in.reports import post, report_status
from whatsapp.stand_in.responders import SecondResponder

STATUS_PAUSE_SECONDS = 0.05
ROUTES = (
    *(*control_responders.ROUTES, *thread_control.ROUTES),
    *(*control.ROUTES, *messages.ROUTES, *files.ROUTES, *templates.ROUTES),
    *(*dialog.ROUTES, *oauth.ROUTES, *application.ROUTES, *onboarding.ROUTES, *nodes.ROUTES),
)


class StandIn:
    """`callback`: our webhook's address; None: no statuses are reported. `account_of`: a phone
    number id's WABA id.

    `ledger`: the messages that came, `receipts`: the read receipts, `uploads`: the files that were
    handed over; both after the steps of their own scripts. `files`: those that can be fetched, by
    media id; `templates`: those of each WABA. `asked`: the latest requests, whatever they were for.
    `business`: what can be connected through the app `client_id`, and `onboarding_script`: how the
    coming calls for that go wrong, by their names. `responders`: who else answers, by phone number
    id; `thread_orders`: our orders about their threads.
    """

    def __init__(
        self,
        *,
        app_secret: str,
        account_of: Callable[[str], str] = str,
        callback: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        client_id: str = "",
        client_secret: str = "",
    ) -> None:
        self.app_secret, self.account_of, self.callback = app_secret, account_of, callback
        self.client_id, self.client_secret = client_id, client_secret
        self.lock = threading.Lock()
        self.reports: queue.Queue[Json | None] = queue.Queue()
        self.stopping = threading.Event()
        self.reset()
        self.server = Server(
            (host, port), type("Own", (Handler,), {"stand_in": self, "routes": ROUTES})
        )
        self.url = f"http://{host}:{self.server.server_address[1]}"

    def reset(self) -> None:
        with self.lock:
            self.business = Business(client_id=self.client_id, client_secret=self.client_secret)
            self.onboarding_script: defaultdict[str, deque[Json]] = defaultdict(deque)
            self.asked: deque[Asked] = deque(maxlen=1000)
            self.ledger: list[Json] = []
            self.receipts: list[Json] = []
            self.script: deque[Json] = deque()
            self.files: dict[str, HeldFile] = {}
            self.receipt_script: deque[Json] = deque()
            self.uploads: list[Json] = []
            self.upload_script: deque[Json] = deque()
            self.templates: dict[str, list[Json]] = {}
            self.template_script: deque[Json] = deque()
            self.template_questions: list[Json] = []  # how they were asked for
            self.responders: dict[str, SecondResponder] = {}
            self.thread_orders: list[Json] = []

    def start(self) -> None:
        for work in (self.server.serve_forever, self.report):
            threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self.reports.put(None)
        self.server.shutdown()
        self.server.server_close()

    def turn_away(self, request: Request) -> Answer | None:
        return errors.turned_away(self, request)

    def second_responder(
        self, phone_number_id: str, *, account_id: str = "", **roles: Any
    ) -> SecondResponder:
        """From now on somebody else answers on the number, too. `roles`: see SecondResponder."""
        responder = SecondResponder(
            phone_number_id=phone_number_id,
            account_id=account_id or self.account_of(phone_number_id),
            tell=self.tell,
            fields=lambda: self.business.app_fields,
            **roles,
        )
        self.responders[phone_number_id] = responder
        return responder

    def tell(self, body: bytes) -> None:
        if self.callback:
            post(self.callback, self.app_secret, body)

    def take(self, phone_number_id: str, token: str, message: Json) -> tuple[Json, Json]:
        """Enter a POST into the ledger; its entry and the script's step for it."""
        with self.lock:
            step = self.script.popleft() if self.script else {}
            if "code" not in step and "http" not in step:
                step = {**step, **self.step_of_responder(phone_number_id, message)}
            is_accepted = "code" not in step and "http" not in step
            wamid = "wamid." + base64.b64encode(os.urandom(24)).decode() if is_accepted else None
            entry = {
                "phone_number_id": phone_number_id,
                "token": token,
                "message": message,
                "wamid": wamid,
                "at": time.time(),
            }
            self.ledger.append(entry)
        if is_accepted:
            self.reports.put(entry)
        return entry, step

    def step_of_responder(self, phone_number_id: str, message: Json) -> Json:
        """A message that is no template takes the thread, or is refused."""
        responder = self.responders.get(phone_number_id)
        if responder is None:
            return {}
        person = message.get("to") or message.get("recipient", "")
        return responder.step_of_ours(person, takes=message.get("type") != "template")

    def report(self) -> None:
        """Tell our webhook what became of each accepted message."""
        while (entry := self.reports.get()) is not None:
            for status in ("sent", "delivered") if self.callback else ():
                self.stopping.wait(STATUS_PAUSE_SECONDS)
                account_id = self.account_of(entry["phone_number_id"])
                report_status(self.callback or "", self.app_secret, account_id, entry, status)
