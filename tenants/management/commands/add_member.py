import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.models import Membership, User
from tenants.scope import operator_scope


class Command(Noted):
    help = (
        "Lets a user work for a tenant, or changes their role. Users are made in the back-office,"
        " or with createsuperuser. Example: manage.py add_member --tenant acme --user ada --role"
        " owner"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--user", required=True, metavar="NAME")
        parser.add_argument("--role", required=True, choices=Membership.Role.values)

    def handle(self, *args: Any, tenant: str, user: str, role: str, **options: Any) -> None:
        with operator_scope():
            works_for = tenant_of(tenant)
            try:
                who = User.objects.get(username=user)
            except User.DoesNotExist:
                raise CommandError(
                    f"There is no user {user!r}. Create them in the back-office."
                ) from None
            member, is_new = Membership.objects.update_or_create(
                tenant=works_for, user=who, defaults={"role": role}
            )
            self.note_rows(Action.CREATE if is_new else Action.CHANGE, member)
        self.stdout.write(json.dumps({"id": str(member.id), "role": member.role}))
