from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0028_settlements")]

    operations = [
        migrations.AlterModelOptions(name="media", options={"verbose_name": "file"}),
        migrations.AlterModelOptions(
            name="deadletter",
            options={
                "verbose_name": "item that was not recorded",
                "verbose_name_plural": "items that were not recorded",
            },
        ),
    ]
