"""For commands of Django and django-axes: they run as the role that may write users and failed
sign-ins, and are noted by their names.
"""

from typing import Any

from django.db import connection

from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.scope import auth_scope


class SignInRole(Noted):
    def handle(self, *args: Any, **options: Any) -> str | None:
        with auth_scope():
            with connection.cursor() as cursor:  # a person types meanwhile
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            said: str | None = super().handle(*args, **options)
            self.note(Action.ORDER)
        return said
