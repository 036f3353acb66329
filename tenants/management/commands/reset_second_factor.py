import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.models import User
from tenants.scope import auth_scope
from tenants.second_factor import factors


class Command(Noted):
    help = (
        "Takes away the second factor of a user who lost their phone and their recovery codes, and"
        " signs them out everywhere. Make sure that it is really this person who asks. Example:"
        " manage.py reset_second_factor grace"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        with auth_scope():
            found = User.objects.filter(username=user)
            if not found:
                raise CommandError(f"There is no user {user!r}.")
            ids = factors.reset(found)
            self.note_rows(Action.ORDER, *found)
        self.stdout.write(json.dumps({"reset": len(ids)}))
