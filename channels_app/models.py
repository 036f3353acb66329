"""A channel: one number, page or bot of a tenant at a provider."""

import json
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from channels_app import sealing
from tenants.models import Tenant, TenantManager, TenantModel


def is_token(text: str) -> bool:
    """Something that an HTTP header can carry."""
    return text.isascii() and text.isprintable() and " " not in text


class ChannelTaken(Exception):
    """The provider's number is connected under another tenant; the message is a sentence for the operator."""


class ChannelManager(TenantManager["Channel"]):
    def connect(
        self, tenant: Tenant, *, kind: str, external_id: str, account_id: str, access_token: str, name: str
    ) -> "Channel":
        """The tenant's channel, live and with this token: a new one, or the tenant's own with token and name replaced."""
        own = self.filter(tenant=tenant, kind=kind, external_id=external_id).order_by("-id")
        channel = own.exclude(status=Channel.Status.DISCONNECTED).first() or own.first()
        channel = channel or Channel(tenant=tenant, kind=kind, external_id=external_id)
        channel.account_id = account_id
        channel.name = name or channel.name
        channel.seal(access_token=access_token)
        channel.status, channel.status_reason, channel.connected_at = Channel.Status.LIVE, "", timezone.now()
        try:
            with transaction.atomic():
                channel.save()
        except IntegrityError:
            raise ChannelTaken(f"{external_id} is connected under another tenant. Disconnect it there first.") from None
        return channel


class Channel(TenantModel):
    """`external_id` is the provider's id of our number, `account_id` of the business account that it belongs to."""

    class Status(models.TextChoices):
        PENDING = "pending"
        LIVE = "live"
        NEEDS_REAUTH = "needs_reauth", "needs reconnecting"
        RESTRICTED = "restricted"
        DISCONNECTED = "disconnected"

    ROUTABLE = (Status.LIVE, Status.NEEDS_REAUTH, Status.RESTRICTED)  # messages for it are stored

    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=128, help_text="The provider's id of the number (WhatsApp: phone number id).")
    account_id = models.CharField(max_length=128, help_text="The provider's business account (WhatsApp: WABA id).")
    name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    status_reason = models.CharField(max_length=500, blank=True, editable=False)
    credentials = models.TextField(blank=True, editable=False)
    auto_reply = models.TextField(blank=True, max_length=4096, help_text="Goes before the tenant's; empty: the tenant's.")
    messages_per_second = models.PositiveSmallIntegerField(
        default=80,
        db_default=80,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="How fast the number may send (WhatsApp: 80, with the phone app beside it 20, at most 1,000).",
    )
    connected_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[ChannelManager] = ChannelManager()

    class Meta(TenantModel.Meta):
        db_table = "channels"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "external_id"], condition=~Q(status="disconnected"), name="channel_belongs_to_one_tenant"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "live", "needs_reauth", "restricted", "disconnected"]),
                name="channel_status_known",
            ),
            models.CheckConstraint(
                condition=Q(messages_per_second__gte=1) & Q(messages_per_second__lte=1000), name="channel_sends_at_a_known_rate"
            ),
        ]
        indexes = [models.Index(fields=["kind", "external_id"], name="channel_by_external_id")]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.external_id}"

    def seal(self, **secrets: str) -> None:
        """Replaces the credentials; the tenant and the id are part of the seal."""
        self.credentials = sealing.seal(json.dumps(secrets), self._seal_of())

    def secrets(self) -> dict[str, str]:
        """The credentials in clear, for a provider's call only; raises sealing.CannotOpen."""
        return json.loads(sealing.unseal(self.credentials, self._seal_of()))

    def _seal_of(self) -> str:
        return f"channels|credentials|{self.tenant_id}|{self.id}"
