"""Files of messages: received ones, which the provider keeps until they are fetched, and sent ones,
which are uploaded once for each channel.
"""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.events import MessageEvent
from channels_app.filenames import plain_filename
from channels_app.models import Channel
from messaging import sql
from messaging.arrivals import Routed
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

WITHDRAWN = "It is being deleted."


class MediaManager(TenantManager["Media"]):
    def expect(self, messages: list[Routed[MessageEvent]]) -> list["Media | None"]:
        """Return a row for each message's file, which is to be fetched, or None for a message
        without one, or whose file is known since it was shown to us on standby.
        """
        rows = [Media.expected(message) for message in messages]
        self.bulk_create(row for row in rows if row)
        return rows

    def take(self, tenant_id: UUID, ids: Collection[UUID]) -> set[UUID]:
        """Return which of these files are stored. They can be taken by a message until the
        transaction ends: none of them is withdrawn before.
        """
        rows = sql.run("media/take_media", tenant_id=tenant_id, ids=list(ids)) if ids else []
        return {row["id"] for row in rows}

    def withdraw(self, files: models.QuerySet["Media"], *, at_most: int) -> dict[UUID, str]:
        """Take the first of `files` out of use for good, so that their content can be deleted after
        the commit: no message takes one, and no download is stored in one. Those that a message
        is taking at this moment are left out. Returns their names in storage by their ids.
        """
        first = files.order_by("id").select_for_update(skip_locked=True)
        locked = list(first.values_list("id", flat=True)[:at_most])
        # asked again: a message that was committed before the locks is seen by a new statement
        names = dict(files.filter(id__in=locked).values_list("id", "file"))
        withdrawn = self.filter(id__in=names)
        withdrawn.update(status=Media.Status.FAILED, error=WITHDRAWN, external_id="")
        return names


def path_of(media: "Media", filename: str) -> str:
    """Return where a file is stored: a path of ids alone, none of which a stranger chose."""
    return f"{media.tenant_id}/{media.created_at:%Y/%m/%d}/{media.id}"


class Media(TenantModel):
    """A file. `sha256` is hexadecimal, of the stored bytes; before they are stored it is as the
    provider gave it. `external_id` is the provider's id of a received file.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("being fetched")
        STORED = "stored", _("Stored")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("no longer kept by the provider")

    channel = within_tenant(Channel, null=True, related_name="+")
    external_id = models.CharField(max_length=512, blank=True)
    kind = models.CharField(max_length=64)
    mime_type = models.CharField(max_length=256, blank=True)
    filename = models.CharField(
        max_length=256, blank=True, help_text=_("As its sender named it: shown, never a path.")
    )
    sha256 = models.CharField(max_length=256, blank=True)
    size = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    error = models.CharField(max_length=512, blank=True)
    file = models.FileField(upload_to=path_of, max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    stored_at = models.DateTimeField(null=True)

    objects: ClassVar[MediaManager] = MediaManager()

    class Meta(TenantModel.Meta):
        db_table = "media"
        verbose_name = "file"
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["pending", "stored", "failed", "expired"]),
                name="media_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="stored") | ~Q(file=""), name="stored_media_has_a_file"
            ),
            TenantForeignKey(name="media_on_a_channel_of_the_tenant", field="channel"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "id"], condition=~Q(status="stored"), name="media_not_stored"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.kind

    @property
    def name(self) -> str:
        """The sender's name for the file, as it is shown and saved; may be empty."""
        return plain_filename(self.filename)

    @classmethod
    def expected(cls, routed: Routed[MessageEvent]) -> "Media | None":
        event = routed.arrival.event
        if event.attachment is None or routed.standby_id:
            return None
        given = {
            name: getattr(event.attachment, name)
            for name in ("external_id", "mime_type", "sha256", "filename")
        }
        return cls(
            tenant_id=routed.channel.tenant_id,
            channel_id=routed.channel.id,
            kind=event.kind,
            created_at=routed.arrival.received_at,
            **given,
        )


class MediaUploadManager(TenantManager["MediaUpload"]):
    def wanted(self) -> list["MediaUpload"]:
        """Return the uploads that messages wait for and that nobody was asked for lately, and note
        that they are asked for now.
        """
        return [MediaUpload(**row) for row in sql.run("media/want_uploads")]


class MediaUpload(TenantModel):
    """A stored file as a channel's provider knows it, until `expires_at`. Without `external_id` it
    is still to be uploaded.
    """

    media = within_tenant(Media, related_name="uploads")
    channel = within_tenant(Channel, related_name="+")
    external_id = models.CharField(max_length=512, blank=True)
    expires_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[MediaUploadManager] = MediaUploadManager()

    class Meta(TenantModel.Meta):
        db_table = "media_uploads"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["media", "channel"], name="media_uploaded_once_per_channel"
            ),
            TenantForeignKey(name="upload_of_media_of_the_tenant", field="media"),
            TenantForeignKey(name="upload_to_a_channel_of_the_tenant", field="channel"),
        ]

    def __str__(self) -> str:
        return f"upload {self.id}"
