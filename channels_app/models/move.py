"""Record of a number that moved from one tenant to another: who proved that it is theirs, and when.
The platform's own.
"""

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from tenants import naming
from tenants.isolation import PlatformRLS


class ChannelMove(models.Model):
    """A move of a number. The former channel stays with its tenant, disconnected, with all that was
    written on it. A member ordered it, or whoever had a connect link.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=128)
    from_tenant_id = models.UUIDField()
    from_channel_id = models.UUIDField()
    to_tenant_id = models.UUIDField()
    by_user_id = models.UUIDField(null=True)
    by_link_id = models.UUIDField(null=True)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "channel_moves"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by_user_id=None, by_link_id__isnull=False)
                | models.Q(by_user_id__isnull=False, by_link_id=None),
                name="channel_moved_by_a_member_or_by_a_link",
            ),
            PlatformRLS(name="channel_moves_isolation"),
        ]

    def __str__(self) -> str:
        return f"{naming.kind_of_channel(self.kind)} {self.external_id}"
