"""The checks of old rows for 0024: each reads its table once, beside the traffic."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0024_routing")]

    operations = [
        ValidateConstraint(model_name="conversation", name="conversation_owner_with_source_and_moments"),
        ValidateConstraint(model_name="message", name="message_unanswered_for_a_known_reason"),
    ]
