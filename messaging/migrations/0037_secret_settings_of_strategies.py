"""Sealed settings beside the others: what is secret of a reply strategy's."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0036_conversations_waiting'),
    ]

    operations = [
        migrations.AddField(
            model_name='replychoice',
            name='credentials',
            field=models.TextField(blank=True, db_default='', default='', editable=False),
        ),
    ]
