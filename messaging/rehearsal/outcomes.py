"""What becomes of replies in a rehearsal: nothing is sent, each takes the outcome that was recorded
of the reply to the same message, and one that was not recorded is cancelled.
"""

from uuid import UUID

from messaging import sql
from tenants.scope import router_scope


def give(delivery_ids: list[UUID]) -> None:
    """Give the replies to the messages of these deliveries their outcomes."""
    with router_scope():
        given = sql.run("rehearsal/play/outcomes", delivery_ids=delivery_ids)
        sql.run("rehearsal/play/attempts", ids=[row["id"] for row in given])
        sql.run("rehearsal/play/cancel", delivery_ids=delivery_ids)
