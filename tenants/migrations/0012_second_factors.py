"""A second factor of users, with recovery codes, and how often all sessions of a user were ended."""

import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0011_connect_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('credentials', models.TextField(blank=True, editable=False)),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('last_step', models.BigIntegerField()),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('failed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'second_factors',
            },
        ),
        migrations.AddField(
            model_name='user',
            name='sign_outs',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='user',
            name='second_factor',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='user', to='tenants.secondfactor'),
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('hash', models.BinaryField(max_length=32)),
                ('factor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to='tenants.secondfactor')),
            ],
            options={
                'db_table': 'recovery_codes',
                'constraints': [models.UniqueConstraint(fields=('factor', 'hash'), name='recovery_code_given_once')],
            },
        ),
    ]
