import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from uuid_utils.compat import uuid7

from channels_app import providers
from channels_app.lifecycle import health_check
from channels_app.lifecycle.health_check import NotAsked
from channels_app.models import Channel, ChannelTaken, is_token
from tenants.models import Tenant
from tenants.scope import operator_scope


class Command(BaseCommand):
    help = (
        "Connects a tenant's number, or replaces its token. Example: TOKEN=EAAG... manage.py"
        " connect_channel whatsapp --tenant acme --external-id 106540352242922 --account-id"
        " 102290129340398 --token-env TOKEN"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="the provider, e.g. whatsapp")
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--external-id", required=True, help="WhatsApp: the phone number id")
        parser.add_argument("--account-id", required=True, help="WhatsApp: the WABA id")
        parser.add_argument(
            "--token-env",
            required=True,
            metavar="VAR",
            help="the environment variable that holds the token",
        )
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--no-check", action="store_true", help="live without asking the provider"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        token = os.environ.get(options["token_env"], "").strip()
        if not token:
            raise CommandError(f"The environment variable {options['token_env']} holds no token.")
        if not is_token(token):
            raise CommandError(
                "The token holds characters that no token has. Copy it again, whole and alone."
            )
        given = {name: options[name].strip() for name in ("external_id", "account_id", "name")}
        if (
            not all(0 < len(given[name]) <= 128 for name in ("external_id", "account_id"))
            or len(given["name"]) > 200
        ):
            raise CommandError(
                "--external-id and --account-id take 1 to 128 characters, --name at most 200."
            )
        try:
            kind = providers.get(options["kind"]).kind
            if not options["no_check"]:
                self.prove(Channel(tenant_id=uuid7(), kind=kind, **given), token)
            with operator_scope():
                tenant = Tenant.objects.get(slug=options["tenant"])
                channel = Channel.objects.connect(tenant, kind=kind, access_token=token, **given)
        except Tenant.DoesNotExist:
            raise CommandError(
                f"There is no tenant {options['tenant']!r}. Create it with create_tenant."
            ) from None
        except (providers.UnknownProvider, ChannelTaken) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps({"id": str(channel.id), "status": channel.status}))

    def prove(self, candidate: Channel, token: str) -> None:
        """Ask the provider about a channel that is not stored; raises CommandError."""
        self.stderr.write("Asking the provider ...")
        candidate.seal(access_token=token)
        try:
            report = health_check.ask(candidate)
        except NotAsked as error:
            raise CommandError(f"The provider could not be asked: {error}") from None
        for fault in report.faults if report.is_working else ():
            self.stderr.write(f"To repair: {fault}")
        if not report.is_working:
            raise CommandError(
                f"The provider does not accept the channel: {' '.join(report.faults)}"
            )
        self.stderr.write("The provider shows the channel to who has this token.")
