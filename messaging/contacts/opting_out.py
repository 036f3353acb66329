"""Opt contacts out of marketing because the provider refused messages for that reason."""

from uuid import UUID

from channels_app import event_log
from channels_app.event_log import EventType
from messaging import sql
from messaging.logged.contacts import event_of


def opt_out(message_ids: list[UUID]) -> set[UUID]:
    """Note that the contacts of these messages want no marketing, within a scope of the pipeline.
    Returns the messages whose contact somebody else holds locked.
    """
    if not message_ids:
        return set()
    rows = sql.run("contacts/opt_out_contacts", message_ids=message_ids)
    event_log.append(
        event_of(EventType.CONTACT_OPTED_OUT, row["tenant_id"], row["contact_id"])
        for row in rows
        if row["contact_id"]
    )
    return {row["message_id"] for row in rows if row["message_id"]}
