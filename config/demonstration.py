"""The demonstration of `make run`: send one message through the whole system, and print its trace
and the URLs to visit next.
"""

import json
import random
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

from config.development_database import PROJECT

QUESTION = "Does it come in another color?"
EXAMPLES = [
    "status",
    "\"simulate_message --tenant demo --from 16505550123 --wait 'Is it in stock?'\"",
    "\"set_auto_reply --tenant demo 'We are back on Monday.'\"",
    '"trace 16505550123"',
]
READY_WITHIN, ANSWERED_WITHIN = 60, 30  # seconds


class CommandFailed(Exception):
    """A manage.py command failed. The exception's text is the command's output."""


def demonstrate(environment: dict[str, str], made: dict[str, Any]) -> None:
    """Send one customer's message through the running copy and print its trace. A failed command is
    printed, not raised.
    """
    address = environment["PUBLIC_URL"]
    if not is_ready_within(READY_WITHIN, f"{address}/health/ready"):
        say("The application did not become ready; its lines above say why.")
        return
    say("", "A customer writes ...")
    channel = ("--channel", made["channel"]) if made["channel"] else ()
    message = (
        "--tenant",
        made["tenant"],
        *channel,
        "--from",
        new_customer(),
        "--wait",
        str(ANSWERED_WITHIN),
        QUESTION,
    )
    try:
        say("", text_of(environment, "simulate_message", *message).rstrip())
    except CommandFailed as failure:
        say("", str(failure))
    password = (
        environment["DJANGO_SUPERUSER_PASSWORD"]
        if made["is_password_known"]
        else "the one that you gave it"
    )
    say("", f"Back-office  {address}/admin/   login {made['user']}, password {password}")
    say(f"Connect      {address}/connect/whatsapp/   with the same login at {address}/staff/")
    say(f"Health       {address}/health   {address}/health/ready")
    say(f"Webhook      {address}/api/webhooks/whatsapp")
    say(f"API          {address}/api/v1/docs/   key {environment['DEMO_API_KEY']}")
    say(
        "Commands     in another terminal, for example:",
        *map("             make manage ARGS={}".format, EXAMPLES),
    )
    say("Ctrl-C ends everything.")


def new_customer() -> str:
    """Return a random fictional phone number: the rate limit of replies to an earlier customer does
    not apply to it.
    """
    return f"1650555{random.randrange(10_000):04}"


def manage(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Run a manage.py command and return the JSON in its last line. Raises CommandFailed."""
    return json.loads(text_of(environment, *arguments).splitlines()[-1])


def text_of(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CommandFailed(
            f"{done.stdout}{done.stderr}".strip() or f"{shlex.join(arguments)} failed."
        )
    return done.stdout


def is_ready_within(seconds: float, address: str) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answers(address):
            return True
        time.sleep(0.2)
    return False


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)
