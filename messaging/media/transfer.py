"""Transfer files between providers and our storage. Both are asked outside any transaction, and
each step may be repeated.

A file's path is made of ids alone. A fetched file counts only once its hash, its size and its
origin are what the provider says (the provider's folder checks that).
"""

import hashlib
import logging
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from channels_app import providers
from channels_app.lifecycle.parking import park_dead_token
from channels_app.models import Channel
from channels_app.providers import Files, MediaError
from channels_app.storable import ID_BYTES, NAME_LENGTH, storable_text
from messaging.media.refused_uploads import fail_waiting
from messaging.models import Media, MediaUpload
from messaging.models.media import path_of
from tenants.encryption import CannotOpen
from tenants.origins import origin_of
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

AT_MOST = 100 * 1024 * 1024  # bytes of a file that came in
KEPT_BY_PROVIDER = timedelta(days=7)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
UPLOAD_LIVES = timedelta(days=29)  # a day less than with the provider
LOST = MediaError("The file is no longer in our storage.", "failed")


class TryAgain(Exception):
    """The transfer failed for now and is not to be retried before `retry_in`; the message is a
    sentence for the operator.
    """

    def __init__(self, reason: str, retry_in: timedelta | None) -> None:
        super().__init__(reason)
        self.retry_in = retry_in


def fetch(tenant_id: UUID, media_id: UUID) -> None:
    """Download a received file and store it. Raises TryAgain. A file that nobody waits for any more
    is left alone.
    """
    with tenant_scope(tenant_id):
        media = (
            Media.objects.select_related("channel")
            .filter(id=media_id, status=Media.Status.PENDING)
            .first()
        )
    if media is None or media.channel is None:
        return
    try:
        with TemporaryFile() as file:
            downloaded = files_of(media.channel).fetch_media(
                media.channel, media.external_id, file, at_most=AT_MOST
            )
            file.seek(0)
            name = keep(media, file)
    except Exception as error:
        not_fetched(media, media.channel, meaning_of(error, media))
        return
    mime_type = media.mime_type or storable_text(downloaded.mime_type, NAME_LENGTH)
    said = {"sha256": downloaded.sha256, "size": downloaded.size, "mime_type": mime_type}
    with tenant_scope(tenant_id):
        Media.objects.filter(id=media_id, status=Media.Status.PENDING).update(
            status=Media.Status.STORED, file=name, stored_at=timezone.now(), error="", **said
        )
        kept = Media.objects.filter(id=media_id).values_list("file", flat=True).first()
    tidy(kept, name, own=path_of(media, ""))


def not_fetched(media: Media, channel: Channel, error: MediaError) -> None:
    """Store the reason in the file's row. Raises TryAgain as long as the provider still has the
    file.
    """
    status = {"retry": Media.Status.PENDING, "expired": Media.Status.EXPIRED}.get(
        error.then, Media.Status.FAILED
    )
    if error.then == "retry" and media.created_at < timezone.now() - KEPT_BY_PROVIDER:
        status = Media.Status.EXPIRED
    reason = storable_text(str(error), ID_BYTES)
    with tenant_scope(media.tenant_id):
        Media.objects.filter(id=media.id, status=Media.Status.PENDING).update(
            status=status, error=reason
        )
    park_dead_token(channel, error)
    if status == Media.Status.PENDING:
        raise TryAgain(reason, error.retry_in) from None


def fetch_again(media_ids: list[UUID]) -> list[Media]:
    """Wait again for files that were given up, and make files due at once that wait for a retry.

    Runs in the caller's scope. Returns the rows.
    """
    waiting = Q(status=Media.Status.PENDING) & ~Q(error="")
    wanted = Media.objects.filter(
        waiting | Q(status__in=[Media.Status.FAILED, Media.Status.EXPIRED]), id__in=media_ids
    )
    rows = list(wanted.exclude(external_id="").select_for_update(no_key=True).order_by("id"))
    Media.objects.filter(id__in=[row.id for row in rows]).update(
        status=Media.Status.PENDING, error=""
    )
    return rows


def put(tenant_id: UUID, file: BinaryIO, *, kind: str, mime_type: str, filename: str) -> Media:
    """Store a file that is to be sent. Returns its row. Opens a scope of its own once the file is
    stored.
    """
    content = File(file)
    given = {"kind": kind, "mime_type": mime_type, "filename": storable_text(filename, NAME_LENGTH)}
    media = Media(
        tenant_id=tenant_id, status=Media.Status.STORED, stored_at=timezone.now(), **given
    )
    media.sha256, media.size = hash_of(content), content.size
    media.file.name = keep(media, file)
    with tenant_scope(tenant_id):
        media.save(force_insert=True)
    return media


def upload(tenant_id: UUID, upload_id: UUID) -> None:
    """Upload a stored file to its channel's provider; messages that wait for it leave. Raises
    TryAgain.
    """
    with tenant_scope(tenant_id):
        found = MediaUpload.objects.select_related("media", "channel").filter(id=upload_id)
        wanted = found.filter(
            Q(expires_at=None) | Q(expires_at__lt=timezone.now() + timedelta(minutes=5))
        ).first()
    if wanted is None:
        return
    media, channel = wanted.media, wanted.channel
    try:
        with media.file.open() as file:
            external_id = files_of(channel).upload_media(
                channel, file, mime_type=media.mime_type, filename=media.filename or media.kind
            )
    except Exception as error:
        not_uploaded(
            wanted, LOST if isinstance(error, FileNotFoundError) else meaning_of(error, media)
        )
        return
    with tenant_scope(tenant_id):
        MediaUpload.objects.filter(id=upload_id).update(
            external_id=external_id, expires_at=timezone.now() + UPLOAD_LIVES
        )


def not_uploaded(wanted: MediaUpload, error: MediaError) -> None:
    """Fail the messages that wait for a file which the provider refused. Raises TryAgain for any
    other error.
    """
    park_dead_token(wanted.channel, error)
    reason = storable_text(str(error), ID_BYTES)
    if error.then == "retry":
        raise TryAgain(reason, error.retry_in) from None
    fail_waiting(wanted, reason)
    with tenant_scope(wanted.tenant_id):
        # a later message's file is asked for at once
        MediaUpload.objects.filter(id=wanted.id).update(asked_at=LONG_AGO)


def meaning_of(error: Exception, media: Media) -> MediaError:
    """Return the MediaError for whatever failed: only a provider can say that a file will never be
    available.
    """
    if isinstance(error, MediaError):
        return error
    if isinstance(error, CannotOpen):
        return MediaError(str(error), "retry")
    sentence = "File %s of tenant %s could not be moved (%s at %s)."
    logger.error(sentence, media.id, media.tenant_id, type(error).__name__, origin_of(error))
    return MediaError(f"Our storage failed ({type(error).__name__}); it is tried again.", "retry")


def keep(media: Media, file: BinaryIO) -> str:
    """Save the file and return its name in storage, which is not the one that was asked for if
    another attempt runs beside it or was interrupted.
    """
    return default_storage.save(path_of(media, ""), File(file))


def tidy(kept: str | None, name: str, *, own: str) -> None:
    """Delete the file that does not count: `name` was stored just now, `kept` counts. Of two
    attempts that there may have been, the other one leaves nothing.
    """
    left = own if name == kept else name
    if left != kept:
        default_storage.delete(left)


def hash_of(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def files_of(channel: Channel) -> Files:
    """Return the channel's provider; raises MediaError where it carries no files."""
    provider = providers.acting_for(channel)
    if not isinstance(provider, Files):
        raise MediaError("The channel carries no files.", "failed")
    return provider
