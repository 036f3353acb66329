import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser
from django.db import connection

from channels_app.lifecycle import health_check
from channels_app.lifecycle.health_check import NotAsked
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.scope import operator_scope

AT_ONCE = 8
TOLD_EACH = 100


class Command(Noted):
    help = (
        "Asks each channel's provider whether it still works, and records what is to be repaired as"
        " its health. The jobs process does the same every hour. Example: manage.py check_channels"
        " --tenant acme"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="this tenant's channels only")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        with operator_scope():
            channels = health_check.to_be_checked()
            if tenant is not None:
                channels = channels.filter(tenant=tenant_of(tenant))
            ids = list(channels.values_list("tenant_id", "id"))
        done: Counter[str] = Counter(checked=0, to_repair=0, not_asked=0)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = pool.map(lambda pair: checked(*pair), ids)
            for number, (channel_id, outcome, said) in enumerate(results, 1):
                done[outcome] += 1
                if said:
                    self.stderr.write(f"channel {channel_id}: {said}")
                if number % TOLD_EACH == 0 or number == len(ids):
                    self.stderr.write(f"{number} of {len(ids)} channels asked about")
        self.stdout.write(json.dumps({**done, "checked": done.total()}))


def checked(tenant_id: UUID, channel_id: UUID) -> tuple[UUID, str, str]:
    try:
        faults = health_check.check(tenant_id, channel_id)
        return channel_id, "to_repair" if faults else "checked", " ".join(faults)
    except NotAsked as reason:
        return channel_id, "not_asked", str(reason)
    finally:
        connection.close()
