import json
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from tenants.api_keys.keys import create
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import add_owner, owner_of
from tenants.models import BY_DEFAULT, OF_TENANTS, ApiKey, KeyScope
from tenants.scope import operator_scope

NAME_LENGTH = ApiKey._meta.get_field("name").max_length or 0
LONGEST = 3650


class Command(Noted):
    help = (
        "Creates a key of the API for a tenant and prints it, once: it cannot be read again."
        " Without --scope it may do everything but export and erase what is kept about a person."
        " Example: manage.py create_api_key --tenant acme"
        ' --name "Shop" --scope messages:write --scope messages:read --days 365'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_owner(parser, "makes tenants, their keys, and webhook endpoints for all of them")
        parser.add_argument("--name", required=True, help="what will use it")
        parser.add_argument(
            "--scope", action="append", choices=OF_TENANTS, help="what it may do; repeatable"
        )
        parser.add_argument("--days", type=int, help="how long it is valid; without: for ever")

    def handle(
        self,
        *args: Any,
        tenant: str | None,
        name: str,
        scope: list[str] | None,
        days: int | None,
        **options: Any,
    ) -> None:
        if not 0 < len(name.strip()) <= NAME_LENGTH or "\x00" in name:
            raise CommandError(f"NAME may have 1 to {NAME_LENGTH} characters, and no NUL.")
        if days is not None and not 0 < days <= LONGEST:
            raise CommandError(f"--days must be between 1 and {LONGEST}.")
        if scope and not tenant:
            raise CommandError("A platform's key has the scope platform alone: leave out --scope.")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        with operator_scope():
            owner = owner_of(tenant)
            row, key = create(
                owner.id if owner else None,
                name.strip(),
                (scope or BY_DEFAULT) if owner else [KeyScope.PLATFORM],
                expires_at=expires_at,
                by="create_api_key",
            )
            self.note_rows(Action.CREATE, row)
        made = {"key": key, "id": str(row.id), "prefix": row.prefix, "scopes": row.scopes}
        self.stdout.write(json.dumps({**made, "expires_at": expires_at and expires_at.isoformat()}))
