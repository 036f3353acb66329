"""A leak into each place where canaries are sought, by the ways that lead there."""

import os
import smtplib
import sys
from email.message import EmailMessage

import psycopg
import requests

from tests.chaos.canaries.copy import OPERATORS, Copy
from tests.chaos.running import Running
from tests.support.words_everywhere import write_everywhere

REPORTS = """
import os, sentry_sdk
sentry_sdk.init(os.environ["SENTRY_DSN"])
sentry_sdk.capture_message(os.environ["LEAK"])
sentry_sdk.flush()
"""
TASK = """
    INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args)
    VALUES ('nowhere', 'nothing', jsonb_build_object('leak', %s::text))
"""


def plant_everywhere(copy: Copy, leak: str) -> set[tuple[str, str]]:
    """Leave the word in every place; (place, what) of each."""
    run(copy, [sys.executable, "-c", "import os; raise SystemExit(os.environ['LEAK'])"], leak)
    run(copy, [sys.executable, "-c", REPORTS], leak)
    run(copy, [sys.executable, "-c", "import signal; signal.pause()", leak], leak)
    copy.manage(leak)
    send_mail(copy, leak)
    copy.subscriber.answer = lambda received: (200, {"X-Leak": leak}, leak.encode())
    answer = requests.get(copy.subscriber.url, timeout=10)
    copy.without_permission.append(answer)
    return {("columns", each) for each in write_into_rows(copy, leak)}


def run(copy: Copy, command: list[str], leak: str) -> None:
    environment = {**os.environ, "SENTRY_DSN": copy.sentry.dsn, "LEAK": leak}
    log = copy.stage.folder / f"leak-{len(copy.stage.processes)}.log"
    copy.stage.processes.append(Running(command, environment, log))


def send_mail(copy: Copy, leak: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "us@example.org", OPERATORS, "å"
    mail.set_content(f"å {leak}")
    with smtplib.SMTP("127.0.0.1", copy.mailbox.port) as server:
        server.send_message(mail)


def write_into_rows(copy: Copy, leak: str) -> set[str]:
    """Into every column that takes a word; the statements hold it, and one of them fails."""
    session = copy.stage.session()
    written = write_everywhere(session, lambda place: leak)
    session.execute("SET search_path = jobs")
    session.execute(TASK, [leak])
    try:
        session.execute(f"SELECT '{leak}'::int")  # type: ignore[call-overload]
    except psycopg.DataError:
        return written | {"procrastinate_jobs.args"}
    raise AssertionError("It is no number.")
