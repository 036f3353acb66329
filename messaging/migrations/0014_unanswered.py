"""Why a received message got no automatic reply. The check of old rows follows in 0015, beside the traffic."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

REASONS = [
    ("history", "It is from the phone's history."),
    ("group", "It was written to a group."),
    ("kind", "Messages of this kind are never answered."),
    ("blocked", "The contact is blocked."),
    ("suspended", "The tenant is suspended."),
    ("too_old", "It was more than seven days old when it came."),
    ("superseded", "The contact had written again before it came."),
    ("paused", "Staff had just written to the contact in the phone app."),
    ("limit", "The contact had all automatic replies that the tenant allows in an hour."),
    ("no_text", "No automatic reply is set."),
    ("declined", "The reply strategy gave no reply."),
    ("failed", "The reply strategy failed."),
]


class Migration(migrations.Migration):
    dependencies = [("messaging", "0013_channel_probes")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="unanswered",
            field=models.CharField(
                blank=True, choices=REASONS, db_default="", default="", max_length=10, verbose_name="not answered because"
            ),
        ),
        AddConstraintNotValid(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(unanswered="")
                | models.Q(unanswered__in=[reason for reason, _ in REASONS], direction="inbound"),
                name="message_unanswered_for_a_known_reason",
            ),
        ),
    ]
