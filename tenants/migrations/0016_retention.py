"""For how many days a tenant keeps its messages."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0015_answers_by_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='keep_messages_days',
            field=models.PositiveIntegerField(blank=True, help_text='Days after which messages are deleted with their files, each night; empty: as for all tenants (KEEP_MESSAGES_DAYS). Webhooks as they came and events are kept as for all.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)]),
        ),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=models.Q(('keep_messages_days__isnull', True), models.Q(('keep_messages_days__gte', 1), ('keep_messages_days__lte', 36500)), _connector='OR'), name='tenant_keeps_messages_for_days'),
        ),
    ]
