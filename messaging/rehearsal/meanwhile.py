"""What our own side did while the deliveries came: it happens again at its moments, because replies
and owners hang on it.
"""

from datetime import datetime

from messaging import sql
from messaging.conversations import ownership
from messaging.models.owner_word import OwnerWord
from tenants.scope import router_scope


def happen(*, after: datetime, until: datetime) -> None:
    """Repeat what was done between these moments: conversations handed over, contacts blocked,
    threads taken, passed and released.
    """
    between = {"after": after, "until": until}
    with router_scope():
        sql.run("rehearsal/play/pauses", **between)
        sql.run("rehearsal/play/blocks", **between)
        for row in sql.run("rehearsal/play/words", **between):
            word = OwnerWord(row["owner"], row["told_by"], row["occurred_at"], row["note"])
            conversation_id = row["conversation_id"]
            found = ownership.locked_if_free([conversation_id])
            ownership.tell(found, {conversation_id: word}, row["by"])
