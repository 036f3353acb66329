import argparse
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)

from channels_app.models import Channel
from tenants.scope import operator_scope
from whatsapp.id_forms import id_of
from whatsapp.onboarding.channels import KIND
from whatsapp.stand_in import sample, signed
from whatsapp.stand_in.simulated import CAPTIONED, FILES, NotSimulated, content_of

KINDS = (*FILES, "button", "list", "location", "reaction", "example")
WITH_TEXT = ("text", *CAPTIONED, "location")
NOTHING = f"Nothing to send. Give a TEXT, or one of {', '.join(f'--{kind}' for kind in KINDS)}."
NO_TENANT = "--tenant and --from are needed: whose channel the message goes to, and who writes."
NO_PERSON = (
    "--from is nobody's id: it takes the digits of a phone number, or a BSUID like"
    " US.13491208655302741918."
)
WAIT_SECONDS = 30
LISTED = 10


class Formatter(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the examples."""


class Command(BaseCommand):
    help = """Delivers a message to a tenant's WhatsApp channel as Meta would: signed, through the
running web process.
A message is of one kind: a TEXT, a file, a reply, a place, a reaction or one of Meta's examples.

Example: manage.py simulate_message --tenant demo --from 16505551234 "Is it in stock?"

  ... --name "Ada Lovelace" --wait     waits for the answer, and shows the message's way
  ... --image photo.jpg "This one"     a file, through the stand-in; TEXT is its caption
  ... --button "Yes" --quote WAMID     a reply button of the message WAMID; --list: of a list
  ... --location 52.52,13.405 "Shop"   a place; TEXT is its name
  ... --reaction 👍 --to WAMID         a reaction to the message WAMID
  ... --example "order"                one of Meta's examples; --example list names them"""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=Formatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="whose channel; always needed")
        parser.add_argument(
            "--from",
            dest="sender",
            metavar="ID",
            help="a wa_id (digits) or a BSUID (US.123); always needed",
        )
        parser.add_argument("--name", default="", help="who writes, by their name")
        parser.add_argument(
            "--channel",
            metavar="ID",
            type=UUID,
            help="the channel's id, where the tenant has several",
        )
        for kind in FILES:
            parser.add_argument(f"--{kind}", metavar="FILE")
        parser.add_argument("--button", metavar="TITLE", help="the reply button that was tapped")
        parser.add_argument("--list", metavar="TITLE", help="what was chosen of a list")
        parser.add_argument("--location", metavar="LATITUDE,LONGITUDE")
        parser.add_argument("--reaction", metavar="EMOJI", help='needs --to; "" takes it back')
        parser.add_argument("--to", metavar="EXTERNAL_ID", help="the message that is reacted to")
        parser.add_argument(
            "--quote", metavar="EXTERNAL_ID", default="", help="the message that is answered"
        )
        parser.add_argument(
            "--example", metavar="NAME", help="one of Meta's, or as much of its name as is unique"
        )
        wait = (
            "after the TEXT: until the message and its answer are settled, then its way; at most"
            " SECONDS (30)"
        )
        parser.add_argument("--wait", nargs="?", const=WAIT_SECONDS, metavar="SECONDS", help=wait)
        parser.add_argument("text", nargs="?", metavar="TEXT")

    def handle(self, *args: Any, **options: Any) -> None:
        options |= with_text_behind_wait(options)
        seconds, kind = seconds_of(options["wait"]), kind_of(options)
        if options["example"] == "list":
            self.stdout.write("\n".join(sample.examples()))
            return
        example = sample.examples()[named(options["example"] or sample.TEXT)]
        body, wamid = simulated(kind, example, options)
        if not wamid and (seconds or options["quote"]):
            raise CommandError("--wait and --quote are for messages, and this example is none.")
        status = delivered(body)
        if seconds:
            self.wait(wamid, seconds)
        else:
            self.stdout.write(
                json.dumps({"status": status, **({"external_id": wamid} if wamid else {})})
            )

    def wait(self, wamid: str, seconds: int) -> None:
        try:
            call_command("trace", wamid, wait=seconds, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            raise CommandError(f"The webhook took the message {wamid}. {error}") from None


def with_text_behind_wait(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as they are meant by `--wait TEXT`, of which the parser takes the TEXT for
    a number of seconds.
    """
    is_text = (
        options["text"] is None
        and options["wait"] is not None
        and not str(options["wait"]).isdigit()
    )
    return {"text": options["wait"], "wait": WAIT_SECONDS} if is_text else {}


def seconds_of(given: Any) -> int:
    """Zero: nothing is waited for."""
    if given is None:
        return 0
    if not (str(given).isascii() and str(given).isdigit() and int(given)):
        raise CommandError("--wait takes a number of seconds, like --wait 30.")
    return int(given)


def kind_of(options: Mapping[str, Any]) -> str:
    given = [kind for kind in KINDS if options[kind] is not None]
    if len(given) > 1:
        raise CommandError(
            f"A message is of one kind: --{given[0]} and --{given[1]} do not go together."
        )
    kind = given[0] if given else "text"
    if options[kind] is None:
        raise CommandError(NOTHING)
    if options["text"] is not None and kind not in WITH_TEXT:
        raise CommandError(f"--{kind} takes no TEXT.")
    if (kind == "reaction") != bool(options["to"]):
        raise CommandError(
            "--reaction and --to go together: what is reacted with, and the id of the message that"
            " it is for."
        )
    if kind == "reaction" and options["quote"]:
        raise CommandError("--reaction takes no --quote: --to says which message it is for.")
    return kind


def named(given: str) -> str:
    """The one of Meta's examples that is called so, or that alone begins so."""
    names = list(sample.examples())
    found = [name for name in names if name.lower().startswith(given.lower())]
    exact = [name for name in found if name.lower() == given.lower()]
    if len(exact or found) != 1:
        several = (
            f"{len(found)} of Meta's examples begin with"
            if found
            else "None of Meta's examples is called"
        )
        raise CommandError(f"{several} {given!r}. They are:\n" + "\n".join(found or names))
    return (exact or found)[0]


def simulated(kind: str, example: Any, options: Mapping[str, Any]) -> tuple[bytes, str]:
    if not (options["tenant"] and options["sender"]):
        raise CommandError(NO_TENANT)
    person = id_of(options["sender"])
    if person is None:
        raise CommandError(NO_PERSON)
    channel = channel_of(options["tenant"], options["channel"])
    try:
        content = None if kind == "example" else content_of(kind, options, channel)
    except NotSimulated as error:
        raise CommandError(str(error)) from None
    who = sample.Person(person, options["name"])
    return sample.webhook(example, channel, who, content=content, quoting=options["quote"])


def channel_of(tenant: str, channel_id: UUID | None) -> Channel:
    with operator_scope():
        real = Channel.objects.filter(kind=KIND, is_test=False)
        own = real.filter(tenant__slug=tenant).order_by("id")
        found = list(
            (own.filter(id=channel_id) if channel_id else own.filter(status__in=Channel.ROUTABLE))[
                : LISTED + 1
            ]
        )
    if not found and channel_id:
        raise CommandError(
            f"The tenant {tenant!r} has no WhatsApp channel {channel_id}. The channel's page in"
            " /admin/ says its id."
        )
    if not found:
        raise CommandError(
            f"The tenant {tenant!r} has no connected WhatsApp channel. Connect one with"
            " connect_channel."
        )
    if len(found) > 1:
        told = "".join(f"\n{channel.id}  {channel}" for channel in found[:LISTED])
        raise CommandError(
            f"The tenant {tenant!r} has several connected WhatsApp channels. Choose one with"
            f" --channel:{told}"
        )
    return found[0]


def delivered(body: bytes) -> int:
    """The status that the web process answered, which is 200."""
    address = f"{settings.PUBLIC_URL}/api/webhooks/whatsapp"
    try:
        answer = requests.post(
            address, data=body, headers=signed(body, settings.WHATSAPP_APP_SECRETS[0]), timeout=10
        )
    except requests.RequestException as error:
        raise CommandError(
            f"Nothing answers at {address} ({type(error).__name__}). Is the web process running?"
        ) from None
    if answer.status_code != 200:
        raise CommandError(f"The webhook answered {answer.status_code} instead of 200.")
    return answer.status_code
