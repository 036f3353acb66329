"""The panel of the processes and of what waits for them, as /health/ready tells it."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.admin.home.words import list_of
from messaging.monitoring import problems
from messaging.monitoring.ages import age
from messaging.monitoring.needs import Waiting
from messaging.monitoring.readiness import Check
from messaging.problem import Problem
from tenants.admin.home import Need, Panel


def processes(checks: Mapping[str, Check], waits: Mapping[str, Waiting]) -> Panel:
    found = [need(problem, waits) for problem in problems.problems_of_checks(checks)]
    return Panel(
        title=_("Processes"),
        well=_("Everything runs."),
        needs=found,
        facts=list(facts(checks, waits)),
    )


def need(problem: Problem, waits: Mapping[str, Waiting]) -> Need:
    """Return a problem of the platform, with the list of what waits because of it."""
    lists = {
        "oldest_delivery": (
            waits["deliveries_waiting"],
            list_of("messaging_webhookdelivery", state="waits"),
        ),
        "oldest_message": (
            waits["messages_queued"],
            list_of("messaging_message", status__exact="queued"),
        ),
    }
    waiting, address = lists.get(problem.kind, (None, ""))
    return Need(
        title=problem.said,
        address=address,
        number=waiting.number if waiting else None,
        is_more=waiting.is_more if waiting else False,
        step=problem.step,
        problems=1,
    )


def facts(checks: Mapping[str, Check], waits: Mapping[str, Waiting]) -> Iterator[str]:
    """Yield who is alive, and how long the oldest waits. Without the migrations nobody knows."""
    if "worker" not in checks:
        return
    number = waits["workers"].number
    alive = ngettext("%(number)d worker is alive", "%(number)d workers are alive", number)
    yield alive % {"number": number} + seen(checks["worker"])
    number = waits["jobs_processes"].number
    alive = ngettext(
        "%(number)d jobs process is alive", "%(number)d jobs processes are alive", number
    )
    yield alive % {"number": number} + seen(checks["jobs"])
    delivery, message = checks["oldest_delivery"].seconds, checks["oldest_message"].seconds
    yield (
        _("The oldest webhook waits for %(age)s.") % {"age": age(delivery)}
        if delivery
        else _("No webhook waits.")
    )
    yield (
        _("The oldest queued message waits for %(age)s.") % {"age": age(message)}
        if message
        else _("No message is due.")
    )


def seen(check: Check) -> str:
    """Return how long ago the last sign of life was, as the end of a sentence."""
    if check.seconds is None:
        return "."
    return _(", the last sign of life %(age)s ago.") % {"age": age(check.seconds)}
