"""Pictures that a page of ours shows: raster images alone, recognised by their bytes, whatever
their sender called them.
"""

from functools import partial

from django.http import FileResponse, Http404

from messaging.media.responses import HEADERS
from messaging.models import Media
from tenants.web.middleware import AfterTransaction

LONGEST_MARK = 12
# what each begins with; of WebP, bytes 4 to 8 say how long it is
BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
TYPES = frozenset({*BEGINNINGS.values(), "image/webp"})


def type_of(beginning: bytes) -> str:
    """Return the type of the picture that begins so; empty: it is none that is shown."""
    if beginning[:4] == b"RIFF" and beginning[8:LONGEST_MARK] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in BEGINNINGS.items() if beginning.startswith(mark)), "")


def may_be_picture(media: Media) -> bool:
    """Return whether a stored file is said to be a picture: its bytes decide when it is asked
    for.
    """
    is_said = media.mime_type.partition(";")[0].strip().lower() in TYPES
    return media.status == Media.Status.STORED and is_said


def picture(media: Media) -> FileResponse:
    """Return the file to be shown in a page. Raises Http404 if it is gone, or no picture by its
    bytes. Asks storage, so outside any transaction.
    """
    try:
        content = media.file.open()
    except FileNotFoundError:
        raise Http404("The file is no longer in our storage.") from None
    found = type_of(content.read(LONGEST_MARK))
    if not found:
        content.close()
        raise Http404("The file is no picture that is shown.")
    content.seek(0)
    return FileResponse(content, content_type=found, headers=HEADERS, filename=f"{media.id}")


def picture_after_transaction(media: Media) -> AfterTransaction:
    """Return what becomes the `picture` once the transaction of the back-office's request is
    over.
    """
    return AfterTransaction(partial(picture, media), HEADERS)
