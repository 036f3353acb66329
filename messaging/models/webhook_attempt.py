"""The log of outgoing webhooks: every request to an endpoint with what was answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.webhook_endpoint import WebhookEndpoint, WebhookRow
from tenants.isolation import TenantForeignKey, within_tenant


class WebhookAttempt(WebhookRow):
    """A request to an endpoint and what was answered, kept for 30 days. `error`: a word for why
    there is no `http_status`.
    """

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        GIVEN_UP = "given_up", _("failed, and given up")

    endpoint = within_tenant(WebhookEndpoint, related_name="attempts")
    event_id = models.UUIDField()
    type = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    http_status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, blank=True)
    duration_ms = models.PositiveIntegerField()
    answer = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(WebhookRow.Meta):
        db_table = "webhook_attempts"
        constraints = [
            *WebhookRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome__in=["delivered", "failed", "given_up"]),
                name="webhook_outcome_known",
            ),
            TenantForeignKey(name="webhook_attempt_of_an_endpoint_of_the_tenant", field="endpoint"),
        ]
        indexes = [models.Index(fields=["endpoint", "id"], name="webhook_attempts_in_order")]

    def __str__(self) -> str:
        return f"{self.type}: {self.get_outcome_display()}"
