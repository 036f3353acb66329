"""An export as a ZIP file: contact.json and the files."""

import json
import zipfile
from typing import IO
from uuid import UUID

from django.core.files.storage import default_storage

from messaging.privacy.export.document import Encoder, document_of, name_in_archive, stored_files
from messaging.privacy.subject import subject_of
from tenants.models import Tenant
from tenants.scope import operator_scope

DOCUMENT = "contact.json"


def write(into: IO[bytes], tenant: Tenant, contact_id: UUID) -> dict[str, int]:
    """Write the archive. Returns how many rows of each table, and how many files, are in it.
    Storage is read outside any transaction. Raises Contact.DoesNotExist.
    """
    with operator_scope():
        document = document_of(tenant, contact_id)
        files = stored_files(subject_of(tenant.id, contact_id))
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT, json.dumps(document, cls=Encoder, indent=1, ensure_ascii=False))
        for media in files:
            with (
                default_storage.open(str(media.file)) as stored,
                archive.open(name_in_archive(media), "w") as copy,
            ):
                for chunk in stored.chunks():
                    copy.write(chunk)
    counts = {table: len(rows) for table, rows in document["tables"].items() if rows}
    return {**counts, "files": len(files)}
