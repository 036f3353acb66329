"""HTTP responses with a stored file: always a download, never something that the browser shows or
runs.
"""

import re
from functools import partial

from django.http import FileResponse, Http404

from messaging.models import Media
from tenants.web.middleware import AfterTransaction

SHOWN_AS_THEMSELVES = re.compile(r"(image/(jpeg|png|webp|gif)|audio/\w+|video/\w+|application/pdf)")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def attachment(media: Media) -> FileResponse:
    """Return the file as a download under its own name. Its type is sent only where a browser can
    run nothing of it. Raises Http404 if the file is gone. Asks storage, so outside any transaction.
    """
    try:
        content = media.file.open()
    except FileNotFoundError:
        raise Http404("The file is no longer in our storage.") from None
    known = SHOWN_AS_THEMSELVES.fullmatch(media.mime_type.partition(";")[0].strip().lower())
    return FileResponse(
        content,
        as_attachment=True,
        filename=media.name or f"{media.kind}-{media.id}",
        content_type=known[0] if known else "application/octet-stream",
        headers=HEADERS,
    )


def attachment_after_transaction(media: Media) -> AfterTransaction:
    """Return what becomes the `attachment` once the transaction of the back-office's request is
    over.
    """
    headers = {**HEADERS, "Content-Disposition": "attachment"}
    return AfterTransaction(partial(attachment, media), headers)
