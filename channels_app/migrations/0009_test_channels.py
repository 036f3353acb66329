"""Test channels: marked as such, with ids that no provider gives. Every channel that exists is none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0008_events_age"), ("tenants", "0010_use_of_api_keys")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="is_test",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "No provider is asked, and recipients behave by their number. Its ids and its"
                    " token are made here."
                ),
                verbose_name="test channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    is_test=True,
                    external_id__regex="^test-[0-9a-f]{32}$",
                    account_id=models.F("external_id"),
                )
                | (
                    models.Q(is_test=False)
                    & ~models.Q(external_id__regex="^test-[0-9a-f]{32}$")
                ),
                name="test_channel_has_ids_of_ours",
            ),
        ),
    ]
