import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tenants.management.tenants import add_owner, owner_of
from tenants.models import ApiKey
from tenants.scope import operator_scope


class Command(BaseCommand):
    help = (
        "Lists a tenant's keys of the API, without the keys themselves. Example: manage.py"
        " list_api_keys --tenant acme"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_owner(parser, "the platform's own keys")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        with operator_scope():
            rows = list(ApiKey.objects.filter(tenant=owner_of(tenant)).order_by("id"))
        for row in rows:
            used = f"last used {row.used_at:%Y-%m-%d %H:%M}" if row.used_at else "never used"
            self.stderr.write(f"{row.prefix}…  {row.state:8} {used:28} {row.name}")
        self.stdout.write(json.dumps({"keys": [shown(row) for row in rows]}))


def shown(row: ApiKey) -> dict[str, Any]:
    moments = {
        name: getattr(row, name) for name in ("created_at", "expires_at", "revoked_at", "used_at")
    }
    return {
        "id": str(row.id),
        "name": row.name,
        "prefix": row.prefix,
        "state": row.state,
        "scopes": row.scopes,
        **{name: at and at.isoformat() for name, at in moments.items()},
    }
