"""What the rules themselves find out of the rows that are left after a rewind: the statuses of
messages, and the owners of threads.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from channels_app.events import OwnerSource, ThreadOwner
from messaging import sql
from messaging.models import Conversation, Message, MessageStatus, OwnerChange
from messaging.models.owner_events import SYSTEM
from messaging.models.owner_word import OwnerWord
from messaging.models.thread_owner import OWNER_COLUMNS, Ownership, idle_after
from tenants.scope import router_scope

AT_ONCE = 500
NOTHING_TOLD = dict.fromkeys(OWNER_COLUMNS) | {"owner": "", "owner_told_by": ""}
Origin = Message.Origin


def settle_back() -> None:
    """Set messages to the statuses, and threads to the owners, that are told of them still."""
    for ids in portions("rehearsal/rewind/resettled"):
        with router_scope():
            Message.objects.lock(ids)
            MessageStatus.objects.apply(ids)
    for ids in portions("rehearsal/rewind/shared"):
        with router_scope():
            owned = list(Conversation.objects.filter(id__in=ids).select_related("channel"))
            for conversation in owned:
                set_back_owner(conversation)
            Conversation.objects.bulk_update(owned, OWNER_COLUMNS)


def portions(statement: str) -> Iterator[list[UUID]]:
    after = UUID(int=0)
    while True:
        with router_scope():
            ids = [row["id"] for row in sql.run(statement, after=after, at_most=AT_ONCE)]
        if not ids:
            return
        yield ids
        after = ids[-1]


def set_back_owner(conversation: Conversation) -> None:
    """Set the owner that the words tell which are left; not saved."""
    known = Ownership()
    if words := told_of(conversation):
        newest = {
            str(origin): newest_of(conversation, origin)
            for origin in (Origin.CONTACT, Origin.STANDBY)
        }
        for word in sorted([*words, *inferred_from(newest)], key=lambda word: word.rank):
            known.hear(word)
        written = max(filter(None, newest.values()), default=None)
        known.until = written and written + idle_after(conversation.channel.kind)
    for name, value in known.columns().items():
        setattr(conversation, name, value or NOTHING_TOLD[name])


def told_of(conversation: Conversation) -> list[OwnerWord]:
    rows = OwnerChange.objects.filter(tenant=conversation.tenant_id, conversation=conversation.id)
    return [OwnerWord(each.owner, each.told_by, each.occurred_at, each.note) for each in rows]


def newest_of(conversation: Conversation, origin: str) -> datetime | None:
    rows = Message.objects.filter(
        tenant=conversation.tenant_id,
        conversation=conversation.id,
        origin=origin,
        is_history=False,
    ).exclude(kind=SYSTEM)
    return rows.order_by("-sent_at").values_list("sent_at", flat=True).first()


def inferred_from(newest: Mapping[str, datetime | None]) -> Iterator[OwnerWord]:
    """Yield what the contact's newest messages, by their origins, say of the owner."""
    if at := newest[Origin.CONTACT]:
        yield OwnerWord(ThreadOwner.US, OwnerSource.MESSAGE, at)
    if at := newest[Origin.STANDBY]:
        yield OwnerWord(ThreadOwner.OTHER, OwnerSource.STANDBY, at)
