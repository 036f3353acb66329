"""The check of old rows for 0014: reads the table once, beside the traffic."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0014_unanswered")]

    operations = [ValidateConstraint(model_name="message", name="message_unanswered_for_a_known_reason")]
