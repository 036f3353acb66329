import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import add_owner, owner_of
from tenants.models import ApiKey
from tenants.scope import operator_scope


class Command(Noted):
    help = (
        "Revokes a key of the API for good, by its id or the beginning that list_api_keys shows:"
        " the next request with it is refused. Example: manage.py revoke_api_key --tenant acme"
        " msk_Zk3P9q"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_owner(parser, "the platform's own keys")
        parser.add_argument("key", help="its id, or its beginning of ten characters")

    def handle(self, *args: Any, tenant: str | None, key: str, **options: Any) -> None:
        with operator_scope():
            own = ApiKey.objects.filter(tenant=owner_of(tenant))
            found = [row for row in own if key in (row.prefix, str(row.id))]
            if not found:
                whose = f"The tenant {tenant!r}" if tenant else "The platform"
                raise CommandError(f"{whose} has no such key. See list_api_keys.")
            if len(found) > 1:
                raise CommandError("Two keys begin so: name the key by its id.")
            changed = ApiKey.objects.revoke([found[0].id], timezone.now())
            self.note_rows(Action.ORDER, found[0])
        self.stdout.write(json.dumps({"id": str(found[0].id), "revoked": bool(changed)}))
