import json
import os
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from channels_app.models import Channel
from messaging.models import ReplyChoice
from messaging.replies import choosing
from messaging.replies.registry import choosable
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.models import Tenant
from tenants.scope import operator_scope

DEFAULT = "default"


class Command(Noted):
    help = (
        "Chooses the strategy that answers for a tenant, or for one of its channels, from the next"
        ' message on; "default" takes the choice back. Example: manage.py set_reply_strategy'
        """ --tenant acme office_hours '{"closes": "18:00", "while_closed": "We are"""
        """ closed."}'"""
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument(
            "--channel", metavar="ID", type=UUID, help="only this channel, by its id"
        )
        parser.add_argument("strategy", choices=[*choosable(), DEFAULT])
        parser.add_argument(
            "given",
            nargs="?",
            default="{}",
            metavar="SETTINGS",
            help="a JSON object; what is left out has its default, or the secret that is stored",
        )
        parser.add_argument(
            "--secret-env",
            action="append",
            default=[],
            metavar="SETTING=VAR",
            help="a secret setting, and the environment variable that holds it; may be repeated",
        )
        parser.add_argument(
            "--clear-secret",
            action="append",
            default=[],
            metavar="SETTING",
            help="a secret setting whose stored value is deleted; may be repeated",
        )

    def handle(
        self,
        *args: Any,
        tenant: str,
        channel: UUID | None,
        strategy: str,
        given: str,
        secret_env: list[str],
        clear_secret: list[str],
        **options: Any,
    ) -> None:
        secrets = secrets_in(secret_env)
        emptied = emptied_in(clear_secret, strategy, secrets)
        settings = {**settings_in(given, strategy), **secrets, **emptied}
        with operator_scope():
            owner = tenant_of(tenant)
            if channel and not Channel.objects.filter(tenant=owner, id=channel).exists():
                raise CommandError(f"The tenant {tenant!r} has no channel {channel}.")
            chosen = self.chosen(owner, channel, strategy, settings)
        self.stdout.write(
            json.dumps(
                {"tenant": tenant, "channel": str(channel) if channel else None, **chosen},
                ensure_ascii=False,
            )
        )

    def chosen(
        self, owner: Tenant, channel: UUID | None, strategy: str, settings: dict[str, Any]
    ) -> dict[str, Any]:
        if strategy == DEFAULT:
            choosing.forget(owner.id, channel)
            self.note(Action.CHANGE, ReplyChoice, [(owner.id, [])], strategy=DEFAULT)
            return {"strategy": DEFAULT}
        try:
            choice = choosing.choose(owner.id, channel, strategy, settings)
        except choosing.Refused as refusal:
            raise CommandError(" ".join(refusal.sentences())) from None
        self.note_rows(Action.CHANGE, choice, strategy=strategy)
        return {"strategy": choice.strategy, "settings": choice.settings}


def settings_in(text: str, strategy: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise CommandError('The settings are no JSON object, such as \'{"opens": "08:00"}\'.')
    for name in secret_settings(strategy):
        if name in given:
            raise CommandError(
                f"{name}: It is secret, and a command line is not: put it into an environment"
                f" variable, and name that, --secret-env {name}=VARIABLE."
            )
    return given


def secret_settings(strategy: str) -> list[str]:
    return [] if strategy == DEFAULT else choosing.secret_settings(choosable()[strategy])


def secrets_in(named: list[str]) -> dict[str, str]:
    """Return settings by their names, each from its environment variable."""
    pairs = [each.partition("=")[::2] for each in named]
    if not all(setting and variable for setting, variable in pairs):
        raise CommandError("--secret-env takes SETTING=VARIABLE.")
    for _setting, variable in pairs:
        if not os.environ.get(variable):
            raise CommandError(f"The environment variable {variable} holds nothing.")
    return {setting: os.environ[variable] for setting, variable in pairs}


def emptied_in(named: list[str], strategy: str, given: Collection[str]) -> dict[str, None]:
    """Return settings by their names, each with the None that empties it."""
    for name in named:
        if name not in secret_settings(strategy):
            raise CommandError(
                f"{name}: The strategy {strategy} has no secret setting of this name."
            )
        if name in given:
            raise CommandError(
                f"{name}: It is to be set and deleted: leave out --secret-env or --clear-secret."
            )
    return dict.fromkeys(named)
