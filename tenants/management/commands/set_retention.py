import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.models import Tenant
from tenants.models.tenant import LONGEST_KEPT
from tenants.scope import operator_scope


class Command(Noted):
    help = (
        "Sets for how many days a tenant's messages and their files are kept; each night what is"
        " older is deleted. Without --days they are kept as for all tenants. Example: manage.py"
        " set_retention --tenant acme --days 90"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--days", type=int, help="without: as for all tenants")

    def handle(self, *args: Any, tenant: str, days: int | None, **options: Any) -> None:
        if days is not None and not 0 < days <= LONGEST_KEPT:
            raise CommandError(f"--days must be between 1 and {LONGEST_KEPT}.")
        with operator_scope():
            owner = tenant_of(tenant)
            Tenant.objects.filter(id=owner.id).update(keep_messages_days=days)
            self.note_rows(Action.CHANGE, owner, fields=["keep_messages_days"])
        self.stdout.write(json.dumps({"tenant": tenant, "keep_messages_days": days}))
