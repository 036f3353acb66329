"""Take the clone back to the moment before its deliveries: what they made is deleted, and what was
there before is set to what is left of it. As the owner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from messaging import sql
from messaging.rehearsal import telling
from tenants.database.owner_statements import ddl, execute
from tenants.database.statements import text_of
from tenants.models.uuid7 import first_id_at
from tenants.scope import ROUTER

FOLDER = Path(sql.__file__).parent / "rehearsal"
# each with what it deletes or sets back, in an order that the foreign keys allow
STEPS = {
    "statuses": "statuses",
    "sent": "sent messages",
    "words": "words about owners",
    "messages": "messages",
    "letters": "items set aside",
    "channel_events": "channel events",
    "channels": "shared channels",
    "identities_back": "ids of contacts, given back",
    "identities": "ids of contacts",
    "contacts_back": "contacts that stay",
    "contact_changes": "changes of contacts",
    "conversations": "conversations",
    "conversations_back": "conversations that stay",
    "contacts": "contacts",
    "deliveries": "deliveries",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many deliveries are played, how many that came in this time are left out, and how many
    contacts are not compared, because they were found to be one with another.
    """

    played: int
    left_out: int
    merged: int


def keep(since: datetime) -> Chosen:
    """Keep aside what was recorded of the deliveries that came since this moment, and return how
    many they are.
    """
    execute(text_of(FOLDER / "keep/schema.sql"))
    first_id = first_id_at(since)
    execute("ANALYZE")
    sql.run("rehearsal/keep/span", since=since, first_id=first_id)
    (chosen,) = sql.run("rehearsal/keep/deliveries")
    execute(text_of(FOLDER / "keep/recorded.sql"))
    telling.tell(telling.RECORDED)
    (people,) = sql.run("rehearsal/keep/merged")
    return Chosen(**chosen, **people)


def rewind() -> Iterator[tuple[str, int]]:
    """Rewind the clone. Yields what each step has changed, and how many rows."""
    for step, changed in STEPS.items():
        (done,) = sql.run(f"rehearsal/rewind/{step}")
        yield changed, done["rows"]
    ddl("GRANT USAGE ON SCHEMA rehearsal TO {}", ROUTER)
    ddl("GRANT SELECT ON ALL TABLES IN SCHEMA rehearsal TO {}", ROUTER)
    execute("ANALYZE")
