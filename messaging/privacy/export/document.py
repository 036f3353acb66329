"""Export what is kept about a contact: one JSON document, and the files beside it.

{"format": "contact-export/1", "tenant": slug, "contact": id, "exported_at": moment,
"tables": {table: [{column: value}]}, "files": [{"id", "table": "media", "name"}],
"elsewhere": {table: why it is not part of the export}}
"""

from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from messaging.models import Media
from messaging.privacy.catalogue import EXCLUDED, PARTS, REDACTED, files_of
from messaging.privacy.subject import Subject
from tenants.models import Tenant, TenantModel

FORMAT = "contact-export/1"
Encoder = DjangoJSONEncoder
# how the queue works on a row says nothing about a person
UNTOLD = ("tenant_id", "lease")


def document_of(tenant: Tenant, subject: Subject) -> dict[str, Any]:
    """Return the document, in the caller's scope."""
    return {
        "format": FORMAT,
        "tenant": tenant.slug,
        "contact": str(subject.contact_ids[0]),
        "exported_at": timezone.now().isoformat(),
        "tables": tables_of(subject),
        "files": [
            {"id": str(media.id), "table": Media._meta.db_table, "name": name_in_archive(media)}
            for media in stored_files(subject)
        ],
        "elsewhere": {**REDACTED, **EXCLUDED},
    }


def tables_of(subject: Subject) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, dict[UUID, dict[str, Any]]] = {}
    for part in PARTS:
        rows = found.setdefault(part.table, {})
        rows.update({row.pk: columns_of(row) for row in part.rows(subject).order_by("id")})
    return {table: list(rows.values()) for table, rows in found.items()}


def columns_of(row: TenantModel) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.attname not in UNTOLD]
    return {str(field.column): plain(field.value_from_object(row)) for field in fields}


def plain(value: Any) -> Any:
    """Return a column's value in a form that JSON has: bytes in hexadecimal, a file by its name."""
    if isinstance(value, FieldFile):
        return value.name
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def stored_files(subject: Subject) -> list[Media]:
    """Return the stored files of the person's messages, also those that others got, too."""
    stored = Media.objects.filter(files_of(subject), status=Media.Status.STORED)
    return list(stored.filter(tenant=subject.tenant_id).order_by("id"))


def name_in_archive(media: Media) -> str:
    return f"files/{media.id}-{media.name}" if media.name else f"files/{media.id}"
