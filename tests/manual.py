"""`make manual-test`: the test of docs/manual-test.md against the copy that `make run` runs here.

Sends a message, and shows the log's lines, the rows and the reply. Ends with a sentence and exit
code 1 as soon as one of them is missing.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
import requests
from psycopg.rows import dict_row

from config.demonstration import CommandFailed, new_customer, say, text_of
from config.manage_running import environment_of_the_copy
from config.running import FOLDER

QUESTION = "Is it in stock?"
WITHIN_SECONDS = 30
REAL_META = (
    "The copy sends to the real Graph API: test it with a phone, as docs/manual-test.md says."
)
NOT_IN_TIME = "{} {} seconds after the message: make manage ARGS=status says what is wrong."
CONVERSATION = "(SELECT conversation_id FROM messaging.messages WHERE external_id = %s)"
ROWS = {  # what the table editor shows of it
    "contacts": f"""SELECT id, tenant_id, name FROM messaging.contacts
        WHERE id = (SELECT contact_id FROM messaging.conversations WHERE id = {CONVERSATION})""",
    "conversations": f"""SELECT id, tenant_id, channel_id, contact_id, last_message_at
        FROM messaging.conversations WHERE id = {CONVERSATION}""",
    "messages": f"""SELECT id, tenant_id, direction, text, status, external_id
        FROM messaging.messages WHERE conversation_id = {CONVERSATION} ORDER BY seq""",
}


def main() -> None:
    environment = environment_of_the_copy()
    if not environment["META_GRAPH_URL"].startswith("http://127.0.0.1:"):
        sys.exit(REAL_META)
    say("1. Send a message to the business number")
    wamid = send(environment)

    with psycopg.connect(environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("SET ROLE msg_operator")
        wait_for(lambda: has_been_delivered(owner, wamid), "The reply is not delivered")
        rows = {table: rows_of(owner, query, wamid) for table, query in ROWS.items()}
    message, reply = rows["messages"]

    say("2. The application's log")
    say(*(f"   {line}" for line in log_lines(str(message["id"]))))

    say("3. The rows, as the table editor shows them in the schema messaging")
    for table, found in rows.items():
        for row in found:
            say(f"   {table}", *(f"      {name}: {readable(value)}" for name, value in row.items()))

    say("4. The reply, as WhatsApp got it")
    say(f"   {body_of(environment, reply['external_id'])}")


def send(environment: dict[str, str]) -> str:
    """Write as a customer. Returns the provider's id of the message."""
    message = ("--tenant", "demo", "--from", new_customer(), QUESTION)
    try:
        told = text_of(os.environ | environment, "simulate_message", *message).strip()
    except CommandFailed as failure:
        sys.exit(str(failure))
    say(f"   {told}")
    return json.loads(told)["external_id"]


def wait_for(condition: Callable[[], Any], otherwise: str) -> Any:
    end = time.monotonic() + WITHIN_SECONDS
    while not (found := condition()):
        if time.monotonic() > end:
            sys.exit(NOT_IN_TIME.format(otherwise, WITHIN_SECONDS))
        time.sleep(0.1)
    return found


def log_lines(message_id: str) -> list[str]:
    """Return what the processes have said of the message."""
    log = FOLDER / "log"

    def named() -> list[str]:
        text = log.read_text() if log.exists() else ""
        return [line for line in text.splitlines() if message_id in line]

    return wait_for(named, "The log says nothing of it")


def has_been_delivered(owner: psycopg.Connection, wamid: str) -> bool:
    found = rows_of(owner, ROWS["messages"], wamid)
    return [row["status"] for row in found] == ["received", "delivered"]


def rows_of(owner: psycopg.Connection, query: str, wamid: str) -> list[dict[str, Any]]:
    with owner.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), [wamid]).fetchall()


def body_of(environment: dict[str, str], wamid: str) -> str:
    """Return what the stand-in was posted and named so, as JSON."""
    answer = requests.get(f"{environment['META_GRAPH_URL']}/stand-in/ledger", timeout=10)
    (posted,) = (entry["message"] for entry in answer.json() if entry["wamid"] == wamid)
    return json.dumps(posted)


def readable(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S %Z}" if isinstance(value, datetime) else str(value)


if __name__ == "__main__":
    main()
