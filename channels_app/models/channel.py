"""A channel: one number, page or bot of a tenant at a provider."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.latest_wins import newer_of
from channels_app.models.channel_table import ChannelTable
from channels_app.models.logged_event import LoggedEvent
from channels_app.models.standing import Standing
from channels_app.simulated_ids import FORM as TEST_ID
from channels_app.storable import KIND_LENGTH
from tenants import naming
from tenants.models import TenantModel
from tenants.models.sealed import Sealed

# Our own word in a channel's health: whether it can send, as the provider last said; POSSIBLE, or
# the status it is parked as.
SENDING, POSSIBLE = "sending", "possible"
# Which of several responders we are, as the provider last said.
THREAD_ROLE, ESCALATION = "thread_role", "escalation"


def is_token(text: str) -> bool:
    """Something that an HTTP header can carry, and not in quotation marks, as `docker --env-file`
    hands values on.
    """
    return text.isascii() and text.isprintable() and not set(text) & set(" '\"")


class Channel(Standing, Sealed, TenantModel):
    """A channel. `external_id` is the provider's id of our number, `account_id` that of the
    business account which it belongs to.

    `health`: what the provider says of it, each word with its value and since when (see
    channels_app/latest_wins.py).
    """

    what_is_sealed = "The channel's token"

    kind = models.CharField(max_length=20)
    external_id = models.CharField(
        max_length=128, help_text=_("The provider's id of the number (WhatsApp: phone number id).")
    )
    account_id = models.CharField(
        max_length=128, help_text=_("The provider's business account (WhatsApp: WABA id).")
    )
    name = models.CharField(max_length=200, blank=True)
    is_test = models.BooleanField(
        "test channel",
        default=False,
        db_default=False,
        help_text=_(
            "No provider is asked, and recipients behave by their number. Its ids and its token are"
            " made here."
        ),
    )
    auto_reply = models.TextField(
        blank=True, max_length=4096, help_text=_("Goes before the tenant's; empty: the tenant's.")
    )
    messages_per_second = models.PositiveSmallIntegerField(
        default=80,
        db_default=80,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_(
            "How fast the number may send (WhatsApp: 80, with the phone app beside it 20, at most"
            " 1,000)."
        ),
    )
    phone_number = models.CharField(
        max_length=KIND_LENGTH,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("As people dial it."),
    )
    health: Any = models.JSONField(default=dict, db_default={}, editable=False)
    shared_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("Since when it is known that others answer on this number, too."),
    )
    takes_idle_threads = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_(
            "On a number that several responders share: automatic replies may take a thread that"
            " nobody has, where we are the escalation partner."
        ),
    )
    token_expires_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Empty: never, or not known.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[ChannelTable] = ChannelTable()

    class Meta(TenantModel.Meta):
        db_table = "channels"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "external_id"],
                condition=Q(status__in=["live", "needs_reauth", "restricted"]),
                name="channel_number_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["tenant", "kind", "external_id"],
                condition=~Q(status="disconnected"),
                name="channel_of_a_tenant_once_a_number",
            ),
            models.CheckConstraint(
                condition=Q(recovers_by__in=["check", "probe", "reconnect"]),
                name="channel_recovery_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["pending", "live", "needs_reauth", "restricted", "disconnected"]
                ),
                name="channel_status_known",
            ),
            models.CheckConstraint(
                condition=Q(messages_per_second__gte=1) & Q(messages_per_second__lte=1000),
                name="channel_sends_at_a_known_rate",
            ),
            models.CheckConstraint(
                condition=Q(is_test=True, external_id__regex=TEST_ID, account_id=F("external_id"))
                | (Q(is_test=False) & ~Q(external_id__regex=TEST_ID)),
                name="test_channel_has_ids_of_ours",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "external_id"], name="channel_by_external_id"),
            models.Index(fields=["kind", "account_id"], name="channel_by_account"),
        ]

    def __str__(self) -> str:
        return self.name or f"{naming.kind_of_channel(self.kind)} {self.number}"

    @property
    def number(self) -> str:
        """The number as people dial it, or its id at the provider as long as the number is not
        known.
        """
        return f"+{self.phone_number}" if self.phone_number else self.external_id

    @property
    def thread_role(self) -> str:
        """Which of several responders we are, as the provider last said; empty: it said nothing."""
        return self.health.get(THREAD_ROLE, {}).get("value", "")

    @property
    def keeps_off_idle_threads(self) -> bool:
        """Whether an automatic reply would take a thread that nobody has, and may not."""
        return self.thread_role == ESCALATION and not self.takes_idle_threads

    def merge_newer(self, words: Mapping[str, str], at: datetime) -> bool:
        """Take over the words of its health that are newer than the known ones. Returns whether
        there were any.

        A restriction that the provider lifts ends; what staff parked stays parked.
        """
        newer = newer_of(self.health, words, at)
        self.health = {**self.health, **newer}
        is_lifted = SENDING in newer and words[SENDING] == POSSIBLE
        if is_lifted and self.status == self.Status.RESTRICTED and not self.is_parked_by_staff:
            self.leave_parking()
        return bool(newer)

    def save_settings(self, *changed: str) -> None:
        """Save the fields of these names, and the credentials if they were sealed anew; a new
        channel is saved whole. Another status than the stored one is logged.
        """
        if self._state.adding:
            self.save()
            LoggedEvent.objects.append([self.status_event()])
            return
        stored = Channel.objects.filter(id=self.id).select_for_update(no_key=True)
        status_before = stored.values_list("status", flat=True).get()
        sealed = ["credentials"] if self.is_sealed_anew else []
        self.save(update_fields=[*changed, *sealed])
        if "status" in changed and self.status != status_before:
            LoggedEvent.objects.append([self.status_event()])

    def status_event(self) -> LoggedEvent:
        """Return what the log is told of the status that the channel has now."""
        return LoggedEvent.of_channel(self.tenant_id, self.id, self.status, self.status_reason)
