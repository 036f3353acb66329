"""Places where a process of the tests kills, stops, delays or breaks itself. Product code knows
nothing of them.

FAILPOINTS holds them, with `;` in between: `NAME:before|after:ACTION:CALL[:MARKER]`. NAME is the
dotted name of a function or method, looked up where it is called; `NAME[text]` means only calls
whose arguments show the text. ACTION is kill, stop, raise or sleep=SECONDS. CALL is the n-th call
in this process, or * for each. MARKER is a file that is written first; where it is there already,
nothing happens: once in all processes together.
"""

import functools
import importlib
import inspect
import itertools
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK, POST = "messaging.outbound.dispatch.mark", "messaging.outbound.dispatch.post"
RECORD = "messaging.inbound.recording.record"
STORE = "messaging.models.WebhookDelivery.store"
READ_ANSWER = "whatsapp.graph.client.read"
PLACES = (MARK, POST, RECORD, STORE, READ_ANSWER)

SPEC = re.compile(
    r"(?P<name>[\w.]+)(?:\[(?P<text>[^\]]+)\])?:(?P<when>before|after):"
    r"(?P<action>kill|stop|raise|sleep=(?P<seconds>[\d.]+)):(?P<call>[1-9]\d*|\*)(?::(?P<marker>.+))?"
)


class UnknownFailpoint(Exception):
    """A failpoint that names nothing callable, or is not written as one: a rename in the product
    broke its test.
    """


class Raised(Exception):
    """What the action `raise` raises."""


@dataclass(frozen=True)
class Failpoint:
    name: str
    when: str
    action: str
    call: str
    text: str | None = None
    seconds: str | None = None
    marker: str | None = None

    def fire(self) -> None:
        if self.marker:
            if Path(self.marker).exists():
                return
            Path(self.marker).touch()
        me = threading.get_ident()  # to this thread: it must not come one instruction further
        if self.action == "kill":
            signal.pthread_kill(me, signal.SIGKILL)
        elif self.action == "stop":
            signal.pthread_kill(me, signal.SIGSTOP)
        elif self.action == "raise":
            raise Raised(self.name)
        else:
            time.sleep(float(self.seconds or 0))


def wait_as_told() -> None:
    """Do nothing for the seconds of CHAOS_LATE, as on a machine that is busy with others."""
    time.sleep(float(os.environ.get("CHAOS_LATE", "0")))


def install(specification: str) -> None:
    for part in filter(None, specification.split(";")):
        match = SPEC.fullmatch(part)
        if not match:
            raise UnknownFailpoint(f"{part!r} is not NAME:before|after:ACTION:CALL[:MARKER].")
        wrap(Failpoint(**match.groupdict()))


def wrap(point: Failpoint) -> None:
    owner, attribute = find(point.name)
    original = inspect.getattr_static(owner, attribute)
    if isinstance(original, staticmethod | classmethod):
        setattr(owner, attribute, type(original)(failing(original.__func__, point)))
    else:
        setattr(owner, attribute, failing(original, point))


def find(name: str) -> tuple[Any, str]:
    """The module or class that holds the named callable, and its attribute there."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:-1]:
            owner = getattr(owner, part, None)
        if callable(getattr(owner, parts[-1], None)):
            return owner, parts[-1]
    raise UnknownFailpoint(f"There is nothing callable by the name {name}.")


def failing(function: Callable[..., Any], point: Failpoint) -> Callable[..., Any]:
    calls = itertools.count(1)

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        is_meant = point.text is None or point.text in repr((args, kwargs))
        is_now = is_meant and point.call in ("*", str(next(calls)))
        if is_now and point.when == "before":
            point.fire()
        result = function(*args, **kwargs)
        if is_now and point.when == "after":
            point.fire()
        return result

    return wrapped
