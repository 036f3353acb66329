"""The checks of old rows for 0034: reads the tables once, beside the traffic."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0034_deferred_replies")]

    operations = [
        ValidateConstraint(model_name="conversation", name="conversation_waits_for_a_known_reason"),
        ValidateConstraint(model_name="message", name="message_unanswered_for_a_known_reason"),
    ]
