"""How many items of a large delivery are recorded while others have their turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0010_read_receipts")]

    operations = [
        migrations.AddField(
            model_name="webhookdelivery",
            name="recorded_items",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
