import json
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from channels_app.models import Channel
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.models import Tenant
from tenants.scope import operator_scope

MAX_LENGTH = 4096


class Command(Noted):
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
            rows: QuerySet[Any] = (
                Channel.objects.filter(tenant__slug=tenant, id=channel)
                if channel
                else Tenant.objects.filter(slug=tenant)
            )
            if not rows.update(auto_reply=text.strip()):
                raise CommandError(
                    f"There is no tenant {tenant!r}" + (" with that channel." if channel else ".")
                )
            self.note_rows(Action.CHANGE, *rows, fields=["auto_reply"])
        self.stdout.write(
            json.dumps({"tenant": tenant, "channel": str(channel) if channel else None})
        )
