import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_app.models import Channel
from tenants.models import Tenant
from tenants.scope import operator_scope

MAX_LENGTH = 4096


class Command(BaseCommand):
    help = (
        "Sets the answer to every message, for a tenant or one of its channels; an empty text takes"
        ' it away. Example: manage.py set_auto_reply --tenant acme "Thank you, we will answer'
        ' soon."'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument(
            "--channel", metavar="ID", type=UUID, help="only this channel, by its id"
        )
        parser.add_argument("text")

    def handle(
        self, *args: Any, tenant: str, channel: UUID | None, text: str, **options: Any
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise CommandError(
                f"The text has {len(text)} characters; {MAX_LENGTH} is the most a message may have."
            )
        if "\x00" in text:
            raise CommandError("The text holds a NUL character.")
        with operator_scope():
            if channel:
                changed = Channel.objects.filter(tenant__slug=tenant, id=channel).update(
                    auto_reply=text.strip()
                )
            else:
                changed = Tenant.objects.filter(slug=tenant).update(auto_reply=text.strip())
            if not changed:
                raise CommandError(
                    f"There is no tenant {tenant!r}" + (" with that channel." if channel else ".")
                )
        self.stdout.write(
            json.dumps({"tenant": tenant, "channel": str(channel) if channel else None})
        )
