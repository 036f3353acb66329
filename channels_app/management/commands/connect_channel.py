import json
import os
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser
from uuid_utils.compat import uuid7

from channels_app import providers
from channels_app.lifecycle import health_check
from channels_app.lifecycle.health_check import NotAsked
from channels_app.models import Channel, ChannelTaken, is_token
from channels_app.simulated_ids import new_channel
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.scope import operator_scope

TYPED = ("external_id", "account_id", "token_env")


class Command(Noted):
    help = (
        "Connects a tenant's number, or replaces its token. Example: TOKEN=EAAG... manage.py"
        " connect_channel whatsapp --tenant acme --external-id 106540352242922 --account-id"
        " 102290129340398 --token-env TOKEN. With --test instead of ids and token: a test channel,"
        " for which no provider is asked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="the provider, e.g. whatsapp")
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--external-id", help="WhatsApp: the phone number id")
        parser.add_argument("--account-id", help="WhatsApp: the WABA id")
        parser.add_argument(
            "--token-env", metavar="VAR", help="the environment variable that holds the token"
        )
        parser.add_argument(
            "--test", action="store_true", help="a new test channel, with ids that are made here"
        )
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--no-check", action="store_true", help="live without asking the provider"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if len(name) > 200:
            raise CommandError("--name takes at most 200 characters.")
        is_typed = any(options[each] is not None for each in TYPED)
        if options["test"] and is_typed:
            raise CommandError("A test channel's ids and token are made here: type none of them.")
        given = new_channel() if options["test"] else typed(options)
        try:
            kind = providers.get(options["kind"]).kind
            if not options["test"] and not options["no_check"]:
                self.prove(kind, **given)
            with operator_scope():
                tenant = tenant_of(options["tenant"])
                channel = Channel.objects.connect(tenant, kind=kind, name=name, **given)
                self.note_rows(Action.ORDER, channel)
        except (providers.UnknownProvider, ChannelTaken) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps({"id": str(channel.id), "status": channel.status}))

    def prove(self, kind: str, *, access_token: str, **ids: str) -> None:
        """Ask the provider about a channel that is not stored; raises CommandError."""
        self.stderr.write("Asking the provider ...")
        candidate = Channel(tenant_id=uuid7(), kind=kind, **ids)
        candidate.seal(access_token=access_token)
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


def typed(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the ids and the token of a provider's channel; raises CommandError."""
    if missing := [each for each in TYPED if options[each] is None]:
        told = ", ".join(f"--{each.replace('_', '-')}" for each in missing)
        raise CommandError(f"The following arguments are required: {told}")
    token = os.environ.get(options["token_env"], "").strip()
    if not token:
        raise CommandError(f"The environment variable {options['token_env']} holds no token.")
    if not is_token(token):
        raise CommandError(
            "The token holds characters that no token has. Copy it again, whole and alone."
        )
    ids = {each: options[each].strip() for each in ("external_id", "account_id")}
    if not all(0 < len(id) <= 128 for id in ids.values()):
        raise CommandError("--external-id and --account-id take 1 to 128 characters.")
    return {**ids, "access_token": token}
