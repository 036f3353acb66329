"""Links with which a business's owner connects a channel, without an account here."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from tenants import naming
from tenants.models.tenant import Tenant, TenantManager, TenantModel

KIND_LENGTH = 20  # of a channel's kind
ADDRESS_LENGTH = 2000


class ConnectLinkManager(TenantManager["ConnectLink"]):
    def use(self, link_id: UUID, channel_id: UUID) -> bool:
        """Mark the link as used by the channel that it connected, in the caller's transaction.
        Returns False where it has connected another one: both at once are one.
        """
        used = {"used_at": timezone.now(), "channel_id": channel_id}
        if self.filter(id=link_id, used_at=None).update(**used):
            return True
        return self.filter(id=link_id, channel_id=channel_id).exists()


class ConnectLink(TenantModel):
    """A link that connects one channel of `kind` for the tenant and then leads to `return_url`.
    Who has it needs no account.

    `channel_id`: the channel that it connected, of which this app knows no more. Nothing but
    `opened_at`, `used_at` and `channel_id` ever changes, and the runtime role may change the first
    alone.
    """

    kind = models.CharField(max_length=KIND_LENGTH)
    return_url = models.CharField("return address", max_length=ADDRESS_LENGTH)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=150, blank=True, editable=False)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField("first opened", null=True, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    channel_id = models.UUIDField("connected channel", null=True, editable=False)

    objects: ClassVar[ConnectLinkManager] = ConnectLinkManager()

    class Meta(TenantModel.Meta):
        db_table = "connect_links"
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(used_at=None, channel_id=None)
                | Q(used_at__isnull=False, channel_id__isnull=False),
                name="connect_link_is_used_by_a_channel",
            ),
            models.CheckConstraint(
                condition=Q(return_url__startswith="https://")
                | Q(return_url__startswith="http://"),
                name="connect_link_leads_back_to_a_page",
            ),
        ]

    def __str__(self) -> str:
        named = {
            "provider": naming.kind_of_channel(self.kind),
            "moment": naming.moment(self.created_at),
        }
        return gettext("%(provider)s link of %(moment)s") % named

    @property
    def state(self) -> str:
        """Return "used", "expired", "opened" or "new". Whether its tenant is suspended is no part
        of it.
        """
        if self.used_at:
            return "used"
        if self.expires_at <= timezone.now():
            return "expired"
        return "opened" if self.opened_at else "new"

    @property
    def is_open(self) -> bool:
        """Whether a channel can be connected with it now."""
        is_unused = self.state in ("new", "opened")
        return is_unused and self.tenant.status == Tenant.Status.ACTIVE
