"""The panel of automatic replies: strategies that fail, and who waits for an answer."""

from collections.abc import Iterator, Mapping

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from messaging.admin.home.words import list_of, reasons_of_problems
from messaging.admin.lists.of_conversations import ANY_REASON
from messaging.monitoring.ages import age
from messaging.monitoring.needs import Kind, Waiting
from tenants.admin.home import Need, Panel, counted

TENANTS = 3  # that are named


def replies(kinds: Mapping[str, Kind], waits: Mapping[str, Waiting]) -> Panel:
    said = {
        "strategy_fails": (
            _("Channels whose reply strategy fails"),
            _("The logs name each error. Mend what it asks, or choose another strategy."),
        ),
        "replies_not_asked_for": (
            _("Answers that take their time, and that nobody works on"),
            _("Start a jobs process, or restart the one whose log says that strategies hang."),
        ),
    }
    found = [
        Need(
            title=title,
            number=kinds[kind].number,
            step=step,
            reasons=reasons_of_problems(kinds[kind]),
            problems=kinds[kind].number,
        )
        for kind, (title, step) in said.items()
        if kinds[kind].number
    ]
    return Panel(
        title=_("Replies"),
        well=_("Every reply strategy answers."),
        needs=found,
        facts=list(facts(waits["conversations_waiting"], waits["replies_deferred"])),
        permission="messaging.view_conversation",
    )


def facts(people: Waiting, deferred: Waiting) -> Iterator[str]:
    """Yield how many conversations wait for a person, of whom, and how many answers are under
    way.
    """
    if people.oldest:
        most = sorted(people.details.items(), key=lambda item: -item[1])[:TENANTS]
        said = _("Conversations that wait for a person: %(count)s, the oldest for %(age)s.") % {
            "count": counted(people.number, is_more=people.is_more),
            "age": age((timezone.now() - people.oldest).total_seconds()),
        }
        whose = ", ".join(f"{tenant}: {counted(number)}" for tenant, number in most)
        address = list_of("messaging_conversation", waiting=ANY_REASON)
        yield format_html('<a href="{}">{}</a> {}.', address, said, whose)
    else:
        yield _("No conversation waits for a person.")
    if deferred.number:
        yield _("Answers that take their time: %(count)s.") % {"count": counted(deferred.number)}
