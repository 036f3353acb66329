"""Where a canary would be found, and which of them may be where."""

import json
from collections.abc import Callable, Iterator, Mapping

import requests
from psycopg import sql

from tests.chaos.canaries.copy import Copy
from tests.chaos.canaries.words import OF_PEOPLE, forms
from tests.support.dump import readable
from tests.support.second_factor import SET_UP

Texts = Mapping[str, str]  # by what each is: a file, an address, a column
ONE_TIME = "one-time link"
# to whom it belongs, once
TOLD = {
    SET_UP: ("key of the second factor", "recovery code"),
    "/api/v1/webhook-endpoints": ("webhook secret",),
}
# the tables of what people write, and the name that somebody typed to sign in
OF_PEOPLES_COLUMNS = {
    *("axes_accessattempt.username", "contact_identities.value", "contacts.name"),
    *("conversations.reply_to", "dead_letters.item", "media.raw", "message_statuses.error"),
    *("message_statuses.raw", "message_statuses.recipient_ids", "messages.error"),
    *("messages.preview", "messages.raw", "messages.recipient", "messages.text"),
    *("webhook_deliveries.body", "webhook_attempts.answer", "idempotency_keys.answer"),
}
COLUMNS = """
    SELECT table_schema, table_name, column_name FROM information_schema.columns
    JOIN pg_tables ON schemaname = table_schema AND tablename = table_name
    WHERE table_schema IN ('messaging', 'jobs') ORDER BY 1, 2, 3
"""


def logs(copy: Copy) -> Texts:
    """What each process of ours wrote, tracebacks included."""
    return {each.log.name: each.log.read_text() for each in copy.stage.processes}


def commands(copy: Copy) -> Texts:
    return {f"command {number}": said for number, said in enumerate(copy.commands)}


def reports(copy: Copy) -> Texts:
    return {"Sentry": b"\n".join(copy.sentry.taken).decode(errors="replace")}


def mails(copy: Copy) -> Texts:
    """To operators, and to whom a one-time link is for."""
    to_others = "\n".join(copy.mails(to_operators=False))
    for name, value in copy.secrets.items():
        to_others = to_others.replace(value, "") if name.startswith(ONE_TIME) else to_others
    return {"to operators": "\n".join(copy.mails(to_operators=True)), "to others": to_others}


def command_lines(copy: Copy) -> Texts:
    return {"of the machine": "\n".join(copy.watch.command_lines)}


def statements(copy: Copy) -> Texts:
    """What pg_stat_activity showed meanwhile."""
    return {"of sessions": "\n".join(copy.watch.statements)}


def log_of_postgresql(copy: Copy) -> Texts:
    """Of the database's server, since the copy began."""
    whole = copy.log_of_postgresql.read_bytes()
    return {"server.log": whole[copy.log_begins :].decode(errors="replace")}


def headers(copy: Copy) -> Texts:
    """Of every answer, but for cookies, which are the browser's own."""
    return {
        named(number, answer): json.dumps(
            {name: told for name, told in answer.headers.items() if name != "Set-Cookie"}
        )
        for number, answer in enumerate(copy.answers)
    }


def refused_pages(copy: Copy) -> Texts:
    """What a stranger and staff without any right are shown."""
    return {named(n, answer): answer.text for n, answer in enumerate(copy.without_permission)}


def pages(copy: Copy) -> Texts:
    """What every answer tells of secrets that whoever asked did not send with it."""
    return {named(n, answer): unasked(copy, answer) for n, answer in enumerate(copy.answers)}


def named(number: int, answer: requests.Response) -> str:
    return f"{number} {answer.request.method} {answer.url}"


def unasked(copy: Copy, answer: requests.Response) -> str:
    asked = f"{answer.request.url} {answer.request.headers} {answer.request.body!r}"
    told = next((names for path, names in TOLD.items() if path in answer.url), ())
    text = answer.text
    for name, value in copy.secrets.items():
        is_theirs = name.startswith(tuple(told)) or any(form in asked for form in forms(value))
        for form in forms(value) if is_theirs else ():
            text = text.replace(form, "")
    return text


def columns(copy: Copy) -> Texts:
    """Every value of the database, as whoever has stolen it reads them."""
    found = {}
    with copy.stage.session() as session:
        for schema, table, column in session.execute(COLUMNS).fetchall():
            query = sql.SQL("SELECT {} FROM {}").format(
                sql.Identifier(column), sql.Identifier(schema, table)
            )
            values = session.execute(query).fetchall()
            found[f"{table}.{column}"] = "\n".join(readable(value) for (value,) in values)
    return found


PLACES: tuple[Callable[[Copy], Texts], ...] = (
    *(logs, commands, reports, mails, command_lines, statements, log_of_postgresql),
    *(headers, refused_pages, pages, columns),
)


def leaks(copy: Copy) -> Iterator[tuple[str, str, str]]:
    """Each canary that is found where it may not be: (place, what, canary)."""
    for place in PLACES:
        for what, text in place(copy).items():
            is_of_people = place is pages or what in OF_PEOPLES_COLUMNS
            sought = copy.secrets if is_of_people else copy.secrets | OF_PEOPLE
            for name, value in sought.items():
                if any(form in text for form in forms(value)):
                    yield place.__name__, what, name
