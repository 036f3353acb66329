"""Export what is kept about a contact: one JSON document, and the files beside it.

{"format": "contact-export/1", "tenant": slug, "contact": id, "exported_at": moment,
"tables": {table: [{column: value}]}, "files": [{"id", "table": "media", "name"}],
"elsewhere": {table: why it is not part of the export}}
"""

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.db.models.fields.files import FieldFile
from django.utils import timezone

from messaging.models import Media
from messaging.privacy.catalogue import EXCLUDED, REDACTED, files_of, rows_by_table
from messaging.privacy.export.rows import in_order
from messaging.privacy.export.streams import list_of, object_of, text_of
from messaging.privacy.subject import Subject
from tenants.models import Tenant, TenantModel

FORMAT = "contact-export/1"
IN_MEMORY = 1024 * 1024  # bytes of a document; a larger one is on disk while it is sent
# how the queue works on a row says nothing about a person
UNTOLD = ("tenant_id", "lease")


def document_of(tenant: Tenant, subject: Subject) -> IO[bytes]:
    """Return the document as a file that has no name and is gone once it is closed; written in the
    caller's scope. It is whole before any of it leaves: a transaction would last as long as whoever
    reads it takes, and an error in the middle would come behind a 200.
    """
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  whoever reads it closes it
    for piece in pieces_of(tenant, subject):
        file.write(piece.encode())
    file.seek(0)
    return file


def pieces_of(tenant: Tenant, subject: Subject) -> Iterator[str]:
    members: list[tuple[str, Iterable[str]]] = [
        ("format", [text_of(FORMAT)]),
        ("tenant", [text_of(tenant.slug)]),
        ("contact", [text_of(subject.contact_ids[0])]),
        ("exported_at", [text_of(timezone.now().isoformat())]),
        ("tables", object_of(tables_of(subject))),
        ("files", list_of(told_of(media) for media in stored_files(subject))),
        ("elsewhere", [text_of({**REDACTED, **EXCLUDED})]),
    ]
    return object_of(members)


def tables_of(subject: Subject) -> Iterator[tuple[str, Iterator[str]]]:
    for table, parts in rows_by_table(subject):
        yield table, list_of(columns_of(row) for rows in parts for row in in_order(rows))


def columns_of(row: TenantModel) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.attname not in UNTOLD]
    return {str(field.column): plain(field.value_from_object(row)) for field in fields}


def plain(value: Any) -> Any:
    """Return a column's value in a form that JSON has: bytes in hexadecimal, a file by its name."""
    if isinstance(value, FieldFile):
        return value.name
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def stored_files(subject: Subject) -> Iterator[Media]:
    """Yield the stored files of the person's messages, also those that others got, too, in the
    caller's scope.
    """
    stored = Media.objects.filter(files_of(subject), status=Media.Status.STORED)
    return in_order(stored.filter(tenant=subject.tenant_id))


def told_of(media: Media) -> dict[str, Any]:
    return {"id": media.id, "table": Media._meta.db_table, "name": name_in_archive(media)}


def name_in_archive(media: Media) -> str:
    return f"files/{media.id}-{media.name}" if media.name else f"files/{media.id}"
