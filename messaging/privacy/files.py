"""Erase files. They are withdrawn first, so that no message to others takes one meanwhile; then
storage deletes them, because a row whose file is left would be found again.
"""

from uuid import UUID

from django.core.files.storage import default_storage

from messaging.models import Media, Message
from messaging.privacy.catalogue import FILES
from messaging.privacy.portions import delete_rows, step
from messaging.privacy.subject import Subject
from tenants.scope import operator_scope

AT_ONCE = 100
UPLOADS, STORED = FILES


def delete_files(erasure_id: UUID, subject: Subject) -> None:
    """Delete the files that only this person's messages have, some at a time."""
    while names := withdrawn(subject):
        for name in filter(None, names.values()):
            default_storage.delete(name)
        with step(erasure_id) as erasure:
            ids = list(names)
            Message.objects.filter(attachment__in=ids).update(attachment=None)
            uploads = UPLOADS.model.objects.filter(media__in=ids).values_list("id", flat=True)
            erasure.count(UPLOADS.table, delete_rows(UPLOADS, list(uploads)))
            erasure.count(STORED.table, delete_rows(STORED, ids))


def withdrawn(subject: Subject) -> dict[UUID, str]:
    """Withdraw some files. Returns their names in storage, by the ids of their rows."""
    with operator_scope():
        return Media.objects.withdraw(STORED.rows(subject), at_most=AT_ONCE)
