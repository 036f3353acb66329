"""The check of old rows for 0014: reads the table once, beside the traffic."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("channels", "0014_contact_erased")]

    operations = [ValidateConstraint(model_name="loggedevent", name="event_type_known")]
