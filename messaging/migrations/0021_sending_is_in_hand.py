"""The check of old rows for 0020: reads the table once, beside the traffic."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0020_deliveries_in_hand")]

    operations = [ValidateConstraint(model_name="message", name="message_being_sent_is_in_hand")]
