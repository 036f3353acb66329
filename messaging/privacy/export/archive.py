"""An export as a ZIP file: contact.json, the files, and missing.json where storage lacks some."""

import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO

from django.core.files.storage import default_storage

from messaging.models import Media
from messaging.privacy.export.document import name_in_archive
from messaging.privacy.export.streams import text_of

DOCUMENT, MISSING = "contact.json", "missing.json"
AT_ONCE = 64 * 1024  # bytes


class Pipe:
    """What zipfile writes to, and its readers take from."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.written.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Everything is there at once."""

    def taken(self) -> bytes:
        taken, self.written = b"".join(self.written), []
        return taken


def archive_of(document: IO[bytes], files: Iterable[Media]) -> Iterator[bytes]:
    """Yield the archive's bytes, and close the document. Outside any transaction: storage may be on
    the network. What storage no longer has is left out, and missing.json holds the names.
    """
    pipe, missing = Pipe(), []
    with document, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        yield from copied(document, archive, DOCUMENT, pipe)
        for media in files:
            name = name_in_archive(media)
            try:
                stored = default_storage.open(str(media.file))
            except FileNotFoundError:
                missing.append(name)
                continue
            with stored:
                # pictures and films are compressed already
                as_it_is = zipfile.ZipInfo(name)
                yield from copied(stored, archive, as_it_is, pipe)
        if missing:
            archive.writestr(MISSING, text_of(missing))
    yield pipe.taken()


def copied(
    file: IO[bytes], archive: zipfile.ZipFile, name: str | zipfile.ZipInfo, pipe: Pipe
) -> Iterator[bytes]:
    with archive.open(name, "w", force_zip64=True) as copy:
        for piece in iter(partial(file.read, AT_ONCE), b""):
            copy.write(piece)
            yield pipe.taken()
