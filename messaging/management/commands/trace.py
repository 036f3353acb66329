import time
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from messaging.management.moments import moment
from messaging.tracing.lookup import Found, find, is_settled
from messaging.tracing.report import lines_of
from messaging.tracing.webhooks import around
from messaging.tracing.webhooks_report import lines_around
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.scope import operator_scope

PAUSE_SECONDS = 0.2
NO_WORKER = " manage.py status tells whether a worker runs."
SAY_WHEN = " Say when it was with --at to see what came in then."


class Command(Noted):
    help = (
        "Tells a message's way: the message, what answered it or why nothing did, every attempt and"
        " status, and what to do next. It is found by the provider's id or ours, by its"
        " conversation's id, or by the person's number as typed; with --at also what came in around"
        " that time and is not recorded. Example: manage.py trace --tenant acme"
        ' "+46 70 000 00 01" --at "2026-11-30 08:15"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "term",
            metavar="ID or NUMBER",
            help="a message, a conversation or a person's number, or its end",
        )
        parser.add_argument(
            "--tenant", metavar="SLUG", default="", help="this tenant's conversations only"
        )
        parser.add_argument(
            "--at",
            type=moment,
            metavar="TIME",
            help=(
                "about when it was written: the person's messages nearest to that, and the webhooks"
                " that came half an hour before and after (UTC unless it says otherwise)"
            ),
        )
        parser.add_argument(
            "--wait",
            metavar="SECONDS",
            type=float,
            default=0,
            help=(
                "wait until the message is there, and delivered, failed or left unanswered; exit 1"
                " where it is not in time"
            ),
        )

    def handle(
        self,
        *args: Any,
        term: str,
        tenant: str,
        at: datetime | None,
        wait: float,
        **options: Any,
    ) -> None:
        end = time.monotonic() + wait
        found = self.look(term, tenant, at)
        while wait and not is_settled(found) and time.monotonic() < end:
            time.sleep(PAUSE_SECONDS)
            found = self.look(term, tenant, at)
        self.note_shown(found)
        for conversation in found:
            self.stdout.write("\n".join(lines_of(conversation)))
        if at:
            self.tell_what_came(term, at, is_known=bool(found))
        if not found:
            hint = NO_WORKER if wait else "" if at else SAY_WHEN
            raise CommandError(f"No message, conversation or person is known by that.{hint}")
        if wait and not is_settled(found):
            raise CommandError(
                f"It is not settled after {wait:g} seconds; manage.py status tells what waits."
            )

    def tell_what_came(self, term: str, at: datetime, *, is_known: bool) -> None:
        with operator_scope():
            came = around(term, at)
        self.stdout.write("\n".join(lines_around(came, is_known=is_known)))

    def note_shown(self, found: list[Found]) -> None:
        """Note in the audit log whose messages are shown."""
        if found:
            with operator_scope():
                self.note_rows(Action.READ, *(each.conversation for each in found))

    def look(self, term: str, tenant: str, at: datetime | None) -> list[Found]:
        with operator_scope():
            return find(term, tenant=tenant, at=at)
