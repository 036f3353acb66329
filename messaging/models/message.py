"""One message, in or out. Its row is also its place in the sending queue."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.models import Channel
from messaging.models.conversation import Conversation
from messaging.models.media import Media
from messaging.models.queue import HELD
from messaging.models.recording import MessageTable
from messaging.models.unanswered import Unanswered
from tenants import naming
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantModel


class Message(TenantModel):
    """`due_at` is the queue (NULL: nothing to do); `seq` is the order within the conversation.

    `takes_thread`: it is to be sent though another responder has the thread.
    `text` is what was said; edits and reactions are messages of their own, aimed at it by
    `target_external_id`. `raw` is the provider's own form: as it came, or as it is sent.
    """

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("Inbound")
        OUTBOUND = "outbound", _("Outbound")

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        ACCEPTED = "accepted", _("Accepted")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        PLAYED = "played", _("Played")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        EXPIRED = "expired", _("Expired")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        CONTACT = "contact", _("Contact")
        AUTOMATIC = "automatic", _("automatic reply")
        PHONE_APP = "phone_app", _("staff, in the provider's app")
        STAFF = "staff", _("staff, here")
        API = "api", _("API")
        STANDBY = "standby", _("contact, to another responder")
        RESPONDER = "responder", _("another responder")
        NOTICE = "notice", _("notice of the provider")

    # shown in the thread, and nobody's to answer, read or send
    ASIDE = (Origin.STANDBY, Origin.RESPONDER, Origin.NOTICE)
    audited_with = ("conversation_id",)  # see tenants/audit.py

    channel = within_tenant(Channel, related_name="+")
    conversation = within_tenant(Conversation, related_name="messages")
    delivery_id = models.UUIDField(null=True, editable=False)
    direction = models.CharField(max_length=8, choices=Direction)
    kind = models.CharField(max_length=64, default="text")
    text = models.TextField(blank=True)
    preview = models.CharField(max_length=120, blank=True, default="", db_default="")
    origin = models.CharField(max_length=10, choices=Origin, blank=True, default="", db_default="")
    is_marketing = models.BooleanField(default=False, db_default=False)
    takes_thread = models.BooleanField(default=False, db_default=False)
    is_history = models.BooleanField(default=False, db_default=False)
    quoted_external_id = models.CharField(max_length=512, blank=True, default="", db_default="")
    target_external_id = models.CharField(max_length=512, blank=True, default="", db_default="")
    forwarded = models.CharField(max_length=5, blank=True, default="", db_default="")
    referral = models.JSONField(null=True)
    raw = models.JSONField(null=True)
    status = models.CharField(max_length=10, choices=Status)
    external_id = models.CharField(max_length=512, null=True)
    unanswered = models.CharField(
        "not answered because",
        max_length=10,
        choices=Unanswered,
        blank=True,
        default="",
        db_default="",
    )
    in_reply_to = within_tenant("self", null=True, related_name="answers")
    attachment = within_tenant(Media, null=True, related_name="messages")
    recipient = models.CharField(max_length=512, blank=True)
    seq = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=512, blank=True)
    due_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    expires_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_twice_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    needs_attention = models.GeneratedField(
        expression=Q(status__in=["failed", "unknown", "held"]),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    # of a received row: it was stored before, as another responder's
    was_on_standby = False

    objects: ClassVar[MessageTable] = MessageTable()

    class Meta(TenantModel.Meta):
        db_table = "messages"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["external_id", "channel"],
                condition=Q(external_id__isnull=False),
                name="message_recorded_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "in_reply_to"],
                condition=Q(in_reply_to__isnull=False),
                name="message_answered_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "conversation", "seq"], name="message_has_its_place"
            ),
            models.CheckConstraint(
                condition=Q(direction="inbound", status="received", external_id__isnull=False)
                | Q(
                    direction="outbound",
                    status__in=[
                        *["queued", "sending", "accepted", "sent", "delivered", "read", "played"],
                        *["failed", "unknown", "expired", "held", "cancelled"],
                    ],
                ),
                name="message_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["queued", "sending", "held"]) | Q(due_at__isnull=False),
                name="message_waiting_is_due",
            ),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(lease__isnull=False),
                name="message_being_sent_is_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(unanswered="")
                | Q(unanswered__in=Unanswered.values, direction="inbound"),
                name="message_unanswered_for_a_known_reason",
            ),
            TenantForeignKey(name="message_on_a_channel_of_the_tenant", field="channel"),
            TenantForeignKey(name="message_in_a_conversation_of_the_tenant", field="conversation"),
            TenantForeignKey(name="message_answers_one_of_the_tenant", field="in_reply_to"),
            TenantForeignKey(name="message_with_media_of_the_tenant", field="attachment"),
        ]
        indexes = [
            models.Index(fields=["tenant", "created_at"], name="message_newest"),
            models.Index(
                fields=["channel", "due_at"],
                condition=Q(due_at__lt=HELD),
                name="message_due_of_channel",
            ),
            models.Index(
                fields=["due_at", "channel"], condition=Q(due_at__lt=HELD), name="message_due"
            ),
            models.Index(fields=["channel"], condition=Q(due_at=HELD), name="message_held"),
            models.Index(
                fields=["conversation", "seq"],
                condition=Q(due_at__isnull=False),
                name="message_waiting_in_turn",
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=Q(needs_attention=True),
                name="message_needs_attention",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(needs_attention=True),
                name="message_of_late_in_need",
            ),
            models.Index(
                fields=["channel"], condition=Q(lease__isnull=False), name="message_in_hand"
            ),
            models.Index(
                fields=["conversation", "created_at"],
                condition=Q(in_reply_to__isnull=False),
                name="message_answered_lately",
            ),
            models.Index(
                fields=["id"], condition=Q(sent_twice_at__isnull=False), name="message_sent_twice"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(unanswered__in=Unanswered.of_a_strategy_at_fault()),
                name="message_owed_by_a_strategy",
            ),
            models.Index(
                fields=["attachment"],
                condition=Q(attachment__isnull=False),
                name="message_with_media",
            ),
            models.Index(
                fields=["conversation", "target_external_id"],
                condition=~Q(target_external_id=""),
                name="message_aimed_at_another",
            ),
        ]

    def __str__(self) -> str:
        whose = naming.loaded(self, "conversation")
        return " · ".join([*whose, self.kind, str(self.get_status_display())])
