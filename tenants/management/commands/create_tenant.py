import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_slug

from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.models import Tenant
from tenants.scope import operator_scope


class Command(Noted):
    help = 'Creates a tenant, or finds it. Example: manage.py create_tenant acme --name "Acme Ltd."'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="lower-case letters, digits and hyphens; at most 63")
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, slug: str, name: str, **options: Any) -> None:
        try:
            validate_slug(slug)
        except ValidationError:
            raise CommandError(
                "SLUG may hold letters, digits, hyphens and underscores only."
            ) from None
        if len(slug) > 63 or not 0 < len(name.strip()) <= 200:
            raise CommandError("SLUG may have 63 characters at most, and NAME 1 to 200.")
        with operator_scope():
            tenant, is_new = Tenant.objects.get_or_create(
                slug=slug, defaults={"name": name.strip()}
            )
            if is_new:
                self.note_rows(Action.CREATE, tenant)
        self.stdout.write(json.dumps({"id": str(tenant.id), "slug": tenant.slug}))
