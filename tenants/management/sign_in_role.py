"""For commands of Django and django-axes: they run as the role that may write users and failed
sign-ins.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from tenants.scope import auth_scope


class SignInRole(BaseCommand):
    def handle(self, *args: Any, **options: Any) -> str | None:
        with auth_scope():
            with connection.cursor() as cursor:  # a person types meanwhile
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            return super().handle(*args, **options)
