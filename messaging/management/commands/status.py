import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from messaging import sql
from messaging.monitoring import problems
from messaging.monitoring.ages import age
from messaging.problem import Problem
from tenants.scope import operator_scope

SHOWN_OF_A_KIND = 20
SHOWN_TENANTS = 20
NO_BREAK_SPACE = "\xa0"  # within an age; a terminal would not find it


class Command(BaseCommand):
    help = (
        "Tells what needs a hand, whose it is and what to do, then what waits. Exit code 1 where"
        " something needs a hand. Example: manage.py status"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="show what there is none of, too")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = problems.current()
        with operator_scope():
            counts = sql.run("monitoring/status")
            waiting = sql.run("monitoring/waiting_by_tenant", at_most=SHOWN_TENANTS)
        if options["json"]:
            self.stdout.write(as_json(found, counts, waiting))
        else:
            counted = lines_of_counts(counts, are_all_shown=options["all"])
            people = lines_of_waiting(waiting)
            self.stdout.write("\n".join([*lines_of(found), "", *counted, *people, mail()]))
        if found:
            raise CommandError(
                f"{len(found)} {'problem needs' if len(found) == 1 else 'problems need'} a hand."
            )


def lines_of(found: list[Problem]) -> Iterator[str]:
    if not found:
        yield "Nothing needs a hand."
    shown: dict[str, int] = {}
    for problem in found:
        shown[problem.kind] = shown.get(problem.kind, 0) + 1
        if shown[problem.kind] <= SHOWN_OF_A_KIND:
            whose = f"{problem.whose}: " if problem.whose else ""
            since = f" (since {problem.since:%Y-%m-%d %H:%M:%S %Z})" if problem.since else ""
            yield f"! {whose}{problem.said}{since}"
            yield f"    next: {problem.step}"
    for kind, number in shown.items():
        if number > SHOWN_OF_A_KIND:
            yield f"! {number - SHOWN_OF_A_KIND} more of the kind {kind}; --json has them all."


def lines_of_counts(counts: list, *, are_all_shown: bool) -> Iterator[str]:
    for row in counts:
        if row["number"] or are_all_shown:
            yield f"{row['number']:>8}  {row['what']}{age_of(row['since'])}"


def lines_of_waiting(waiting: list) -> Iterator[str]:
    """Yield the tenants whose conversations wait for a person."""
    if waiting:
        yield "Tenants that are waited for most:"
    for row in waiting:
        yield f"{row['number']:>8}  of {row['tenant']}{age_of(row['since'])}"


def age_of(since: datetime | None) -> str:
    """Return the end of a line: ", the oldest for 3 days, 4 hours"."""
    if since is None:
        return ""
    told = age((timezone.now() - since).total_seconds())
    return f", the oldest for {told.replace(NO_BREAK_SPACE, ' ')}"


def mail() -> str:
    if not settings.EMAIL_IS_CONFIGURED:
        return (
            "Mail is off: nobody is told of problems. EMAIL_URL and OPERATORS_EMAIL switch it on."
        )
    if not settings.OPERATORS_EMAIL:
        return "Mail is on, but OPERATORS_EMAIL names nobody to tell of problems."
    return (
        f"Problems are told by mail to {len(settings.OPERATORS_EMAIL)} addresses of"
        " OPERATORS_EMAIL."
    )


def as_json(found: list[Problem], counts: list, waiting: list) -> str:
    names = ("kind", "tenant_id", "tenant", "channel_id", "channel", "said", "step", "since")
    found_and_counted = {
        "problems": [{name: getattr(problem, name) for name in names} for problem in found],
        "counts": {row["what"]: {"number": row["number"], "since": row["since"]} for row in counts},
        "waiting_for_a_person": waiting,
        "mail": {"is_on": settings.EMAIL_IS_CONFIGURED, "operators": len(settings.OPERATORS_EMAIL)},
    }
    return json.dumps(found_and_counted, default=str)
