from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("whatsapp", "0003_signups_by_links")]

    operations = [
        migrations.AlterModelOptions(name="signup", options={"verbose_name": "sign-up"}),
    ]
