"""Where a channel stands: whether it sends, why not, since when, and how it comes back."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

BEING_ASKED = "The provider is being asked whether it accepts the token."


class Standing(models.Model):
    """Mix-in of a channel. The pipeline parks a channel at any moment, so whoever sets where it
    stands sets it for the row as it is by then (`lock_standing`).
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        LIVE = "live", _("Live")
        NEEDS_REAUTH = "needs_reauth", _("needs reconnecting")
        RESTRICTED = "restricted", _("Restricted")
        DISCONNECTED = "disconnected", _("Disconnected")

    class Recovery(models.TextChoices):
        CHECK = "check", _("by the next check that succeeds")
        PROBE = "probe", _("by a held message that the provider accepts")
        RECONNECT = "reconnect", _("by connecting it again")

    STANDING = ("status", "status_reason", "recovers_by", "parked_at", "connected_at")
    PARKED = (Status.NEEDS_REAUTH, Status.RESTRICTED)  # nothing leaves by it
    ROUTABLE = (Status.LIVE, *PARKED)  # messages for it are stored

    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    status_reason = models.CharField(max_length=500, blank=True, editable=False)
    recovers_by = models.CharField(
        max_length=10,
        choices=Recovery,
        default=Recovery.CHECK,
        db_default=Recovery.CHECK,
        editable=False,
        help_text=_("How a parked channel comes back. Connecting it again always works."),
    )
    parked_at = models.DateTimeField(null=True, editable=False)
    connected_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def go_live(self) -> None:
        """Set what makes the channel live from now on; not saved."""
        self.leave_parking()
        self.connected_at = timezone.now()

    def leave_parking(self) -> None:
        """Set what un-parks the channel; not saved."""
        self.status, self.status_reason = self.Status.LIVE, ""
        self.recovers_by = self.Recovery.CHECK  # for who parks it and does not say

    @property
    def is_parked_by_staff(self) -> bool:
        """Staff give no reason; whatever else parks a channel does."""
        return self.recovers_by == self.Recovery.RECONNECT and not self.status_reason

    def park_by_staff(self, status: str) -> None:
        """Set what parks the channel until staff, or who connects it again, say otherwise; not
        saved.
        """
        self.status, self.status_reason = status, ""
        self.recovers_by, self.parked_at = self.Recovery.RECONNECT, timezone.now()

    def await_proof(self) -> None:
        """Set what the channel shows while its provider is asked about its new token; not saved.
        See lifecycle/proving.py.
        """
        if self.status == self.Status.DISCONNECTED:
            self.status = self.Status.PENDING
        if self.status != self.Status.LIVE:
            self.status_reason = BEING_ASKED
            self.recovers_by = self.Recovery.CHECK

    def lock_standing(self) -> None:
        """Lock the row and read its standing anew: the worker may have parked the channel, or
        somebody disconnected it, since it was read.
        """
        rows = type(self)._default_manager.select_for_update(no_key=True)
        self.refresh_from_db(fields=self.STANDING, from_queryset=rows)
