"""An export as a ZIP file: contact.json and the files."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.files.storage import default_storage

from messaging.models import Media
from messaging.privacy.export.document import Encoder, name_in_archive

DOCUMENT = "contact.json"


def write(into: IO[bytes], document: Mapping[str, Any], files: Iterable[Media]) -> None:
    """Write the archive. A file that is no longer in storage is left out."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT, json.dumps(document, cls=Encoder, indent=1, ensure_ascii=False))
        for media in files:
            if not default_storage.exists(str(media.file)):
                continue
            with (
                default_storage.open(str(media.file)) as stored,
                archive.open(name_in_archive(media), "w") as copy,
            ):
                for chunk in stored.chunks():
                    copy.write(chunk)
