from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0014_privacy_scopes'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='handover_hours',
            field=models.PositiveSmallIntegerField(db_default=24, default=24, help_text='A conversation that was left to people is answered automatically again after so many hours; 0: when somebody gives it back.'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='shows_typing',
            field=models.BooleanField(db_default=False, default=False, help_text='Contacts see that an answer is being written while a reply strategy prepares it, and that what they wrote was read.', verbose_name='typing indicator'),
        ),
    ]
