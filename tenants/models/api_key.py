"""Keys of the REST API. Only a key's hash is stored."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.models.tenant import Tenant, TenantManager, TenantModel

RATE, BURST = 50, 200  # requests
HIGHEST_RATE, LARGEST_BURST = 1_000, 10_000


class KeyScope(models.TextChoices):
    """What a key may do. A new scope is nobody's until it is given."""

    CHANNELS_READ = "channels:read"
    CHANNELS_WRITE = "channels:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    CONTACTS_EXPORT = "contacts:export"
    CONTACTS_ERASE = "contacts:erase"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    TEMPLATES_READ = "templates:read"
    MEDIA_READ = "media:read"
    MEDIA_WRITE = "media:write"
    EVENTS_READ = "events:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    PLATFORM = "platform"


OF_TENANTS = [scope for scope in KeyScope.values if scope != KeyScope.PLATFORM]
NAMED_ALONE = (KeyScope.CONTACTS_EXPORT, KeyScope.CONTACTS_ERASE)
# of a key whose maker names none
BY_DEFAULT = [scope for scope in OF_TENANTS if scope not in NAMED_ALONE]


class ApiKeyManager(TenantManager["ApiKey"]):
    def revoke(self, ids: list[UUID], at: datetime) -> list[UUID]:
        """Revoke keys for good; the next request with one is refused. Returns the ids of those that
        were not revoked before.
        """
        rows = self.filter(id__in=ids, revoked_at=None).order_by("id")
        found = list(rows.select_for_update(no_key=True).values_list("id", flat=True))
        self.filter(id__in=found).update(revoked_at=at)
        return found


class ApiKey(TenantModel):
    """A key that a tenant's own software calls the API with; without a tenant, one of the
    platform's own, which makes tenants, their keys and webhook endpoints for all of them, and does
    nothing else.

    `prefix` is its beginning, to recognise it by; `hash` the SHA-256 of the whole key. The rate
    limit is a token bucket: `tokens` were left in it at `used_at`, which is when the key was last
    used. Only the database's function use_api_key changes these two.
    """

    tenant = models.ForeignKey(  # type: ignore[assignment]
        Tenant,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text=_("Empty: a key of the platform's own."),
    )
    name = models.CharField(
        max_length=100, help_text=_("What uses the key, for whoever reads lists.")
    )
    prefix = models.CharField(max_length=16, editable=False)
    hash = models.BinaryField(max_length=32, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=KeyScope))
    requests_per_second = models.PositiveIntegerField(
        default=RATE,
        db_default=RATE,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_RATE)],
    )
    burst = models.PositiveIntegerField(
        default=BURST,
        db_default=BURST,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_BURST)],
        help_text=_("Requests at once after a pause."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=150, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: never."))
    revoked_at = models.DateTimeField(null=True, editable=False)
    used_at = models.DateTimeField("last used", null=True, editable=False)
    tokens = models.FloatField(default=0, db_default=0.0, editable=False)

    objects: ClassVar[ApiKeyManager] = ApiKeyManager()

    class Meta(TenantModel.Meta):
        db_table = "api_keys"
        verbose_name = "API key"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["hash"], name="api_key_given_once"),
            models.CheckConstraint(
                condition=Q(tenant__isnull=False, scopes__contained_by=OF_TENANTS) & ~Q(scopes=[])
                | Q(tenant__isnull=True, scopes=[KeyScope.PLATFORM]),
                name="api_key_scopes_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    requests_per_second__gte=1,
                    requests_per_second__lte=HIGHEST_RATE,
                    burst__gte=1,
                    burst__lte=LARGEST_BURST,
                ),
                name="api_key_has_a_rate_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def state(self) -> str:
        """Return "active", "expired" or "revoked"."""
        if self.revoked_at:
            return "revoked"
        is_over = self.expires_at is not None and self.expires_at <= timezone.now()
        return "expired" if is_over else "active"
