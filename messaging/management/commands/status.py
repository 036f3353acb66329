from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from channels_app.checking import RIGHT
from messaging import sql
from tenants.scope import operator_scope


class Command(BaseCommand):
    help = "Tells what waits, what needs somebody, and for how long. Example: manage.py status"

    def handle(self, *args: Any, **options: Any) -> None:
        with operator_scope():
            rows = sql.run("status", right=RIGHT)
        for row in rows:
            age = f", the oldest for {timezone.now() - row['since']!s:.16}" if row["since"] else ""
            self.stdout.write(f"{row['number']:>8}  {row['what']}{age}")
