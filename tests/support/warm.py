"""`python -m tests.support.warm`: forks a `manage.py` for each order that it reads, and says how
that ended.

Importing is most of what a command costs. What others wrote is imported once, here; the project is
set up once for each place and environment, in a fork that is kept for further orders of the same.
Where setting up fails, or says anything, each order does it itself.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import django
from django.conf import settings

LIMIT_SECONDS = 120
KEPT = 3  # processes with the project set up; each takes some 50 MB
IS_SET_UP = "The project is set up.\n"
Order = dict[str, Any]
LIBRARIES = (
    "botocore.config",
    "cryptography.hazmat.primitives.ciphers.aead",
    "django.core.handlers.wsgi",
    "django.core.management.commands.migrate",
    "django.core.servers.basehttp",
    "django.db.backends.postgresql.base",
    "django.template.backends.django",
    "django.template.defaulttags",
    "environ",
    "jinja2",
    "procrastinate.contrib.django.procrastinate_app",
    "psycopg_pool",
    "requests",
    "rest_framework.serializers",
    "unittest.mock",
    "whitenoise.middleware",
    "xml.dom.minidom",
)


class Ready:
    """A fork with the project set up as this order says."""

    orders: TextIO

    def __init__(self, order: Order, others: Iterable["Ready"]) -> None:
        (its_orders, orders), (ends, its_ends) = os.pipe(), os.pipe()
        self.pid = os.fork()
        if not self.pid:
            for ours in (orders, ends):
                os.close(ours)
            for other in others:  # as objects: each closes its number once, before it is another's
                other.orders.close()
                other.ends.close()
            serve(order, os.fdopen(its_orders), os.fdopen(its_ends, "w"))
            os._exit(0)
        os.close(its_orders)
        os.close(its_ends)
        self.orders, self.ends = os.fdopen(orders, "w"), os.fdopen(ends)
        self.is_set_up = self.ends.readline() == IS_SET_UP

    def run(self, order: Order) -> int:
        say(self.orders, json.dumps(order))
        return int(self.ends.readline())

    def end(self) -> None:
        self.orders.close()
        self.ends.close()
        os.waitpid(self.pid, 0)


def main() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    # what the forks import is compiled once
    sys.dont_write_bytecode, sys.pycache_prefix = False, os.environ["TEST_BYTECODE"]
    gc.collect()
    gc.freeze()  # else each fork copies all of it, to look at it and to end
    kept: dict[str, Ready] = {}
    for line in sys.stdin:
        order = json.loads(line)
        key = json.dumps([order["place"], order["environment"]])
        ready = kept.pop(key, None) or Ready(order, kept.values())
        if ready.is_set_up:
            kept[key] = ready  # the latest is the last
            end = ready.run(order)
        else:
            ready.end()
            end = fork(order)
        if len(kept) > KEPT:
            kept.pop(next(iter(kept))).end()
        say(sys.stdout, str(end))


def serve(first: Order, orders: TextIO, ends: TextIO) -> None:
    if not is_set_up(first["place"], first["environment"]):
        return
    say(ends, IS_SET_UP.strip())
    for line in orders:
        say(ends, str(fork(json.loads(line))))


def say(to: TextIO, line: str) -> None:
    to.write(f"{line}\n")
    to.flush()


def is_set_up(place: str, environment: dict[str, str]) -> bool:
    """Set the project up in this process. Returns whether that succeeded without a word."""
    go_to(place, environment)
    with tempfile.TemporaryFile() as said:
        for number in (1, 2):
            os.dup2(said.fileno(), number)
        try:
            django.setup()
            importlib.import_module(settings.ROOT_URLCONF)
        except (Exception, SystemExit):
            return False
        sys.stdout.flush()
        sys.stderr.flush()
        gc.collect()
        gc.freeze()
        return os.fstat(said.fileno()).st_size == 0


def go_to(place: str, environment: dict[str, str]) -> None:
    os.chdir(place)
    sys.path[0] = place
    os.environ.clear()
    os.environ.update(environment)


def fork(order: Order) -> int:
    """Return the exit code of the order, done in a fork; minus the number of a signal."""
    child = os.fork()
    if not child:
        become(**order)
        sys.exit()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def become(arguments: list[str], environment: dict[str, str], folder: str, place: str) -> None:
    """This process is the `manage.py` of `place` with these arguments from here on; it writes into
    `output` and `errors` of the folder.
    """
    go_to(place, environment)
    for number, file in enumerate((os.devnull, f"{folder}/output", f"{folder}/errors")):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT), number)
    signal.alarm(LIMIT_SECONDS)
    sys.argv = ["manage.py", *arguments]
    runpy.run_path(str(Path("manage.py").resolve()), run_name="__main__")


if __name__ == "__main__":
    main()
