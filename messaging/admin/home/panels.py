"""The panels of channels, messages, deliveries, contacts, files, tasks, webhooks and processes."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.admin.home.processes import processes
from messaging.admin.home.replies import replies
from messaging.admin.home.words import list_of, reasons_of_problems, reasons_of_rows
from messaging.models import WebhookEndpoint
from messaging.monitoring import needs, readiness
from messaging.monitoring.needs import Kind, Waiting
from tenants.admin.home import COUNTED, Need, Panel, register

Kinds: TypeAlias = Mapping[str, Kind]
Waits: TypeAlias = Mapping[str, Waiting]
WHY_DISABLED = {
    WebhookEndpoint.Reason.GONE: gettext_lazy("It answered that it is gone for good."),
    WebhookEndpoint.Reason.FAILING: gettext_lazy("It failed for days."),
}


@register
def panels() -> Iterator[Panel]:
    kinds, waits = needs.problems_in_short(), needs.waiting(counted=COUNTED)
    yield channels(kinds)
    yield sends(kinds, waits)
    yield replies(kinds, waits)
    yield received(kinds, waits)
    yield contacts(waits)
    yield files(kinds, waits)
    yield processes(readiness.checks(), waits)
    yield tasks(kinds, waits)
    yield outgoing_webhooks(waits)


def channels(kinds: Kinds) -> Panel:
    said = {
        "parked": (
            kinds["channel_parked"],
            _("Channels that send nothing"),
            _("Open each: its page says what to do."),
        ),
        "check": (
            kinds["channel_check"],
            _("Channels whose last check found a fault"),
            _("Messages still leave. Mend at the provider what the check found."),
        ),
        "token": (
            kinds["token_ends"],
            _("Channels whose permission ends soon"),
            _("Connect each number again before the day that is named."),
        ),
    }
    found = [
        Need(
            title=title,
            address=list_of("channels_channel", repair=word),
            number=kind.number,
            step=step,
            reasons=reasons_of_problems(kind),
            problems=kind.number,
        )
        for word, (kind, title, step) in said.items()
        if kind.number
    ]
    return Panel(
        title=_("Channels"),
        well=_("Every channel works."),
        needs=found,
        permission="channels.view_channel",
    )


def sends(kinds: Kinds, waits: Waits) -> Panel:
    unknown, failed, twice = (
        waits[f"messages_{word}"] for word in ("unknown", "failed", "sent_twice")
    )
    found = [
        need(
            unknown,
            _("Messages whose outcome is unknown"),
            list_of("messaging_message", attention="yes", status__exact="unknown"),
            step=_("Most are settled by a status. Else ask the contact whether it came."),
            problems=kinds["messages_unknown"],
        ),
        need(
            failed,
            _("Messages that failed"),
            list_of("messaging_message", attention="yes", status__exact="failed"),
            step=_("Mend what the error says, then order “Send again”."),
        ),
        need(
            twice,
            _("Messages that their contacts got twice"),
            list_of("messaging_message", attention="twice"),
            step=_("They cannot be called back. Each message tells its attempts."),
            problems=kinds["messages_sent_twice"],
        ),
    ]
    return Panel(
        title=_("Messages"),
        well=_("No message failed, and no outcome is unknown."),
        needs=[each for each in found if each],
        permission="messaging.view_message",
    )


def received(kinds: Kinds, waits: Waits) -> Panel:
    rejected = need(
        waits["items_rejected"],
        _("Items of webhooks that were rejected"),
        list_of("messaging_deadletter", cause="rejected"),
        step=_("Mend what the reason says, then order “Process again” for their deliveries."),
        problems=kinds["items_rejected"],
    )
    return Panel(
        title=_("Received"),
        well=_("All that came could be recorded."),
        needs=[rejected] if rejected else [],
        permission="messaging.view_deadletter",
    )


def contacts(waits: Waits) -> Panel:
    questions = need(
        waits["contact_questions"],
        _("Questions whether two contacts are one person"),
        list_of("messaging_contactchange", is_open__exact="1"),
        step=_("Decide each: join the two, or leave them apart."),
    )
    return Panel(
        title=_("Contacts"),
        well=_("No question is open."),
        needs=[questions] if questions else [],
        permission="messaging.view_contactchange",
    )


def files(kinds: Kinds, waits: Waits) -> Panel:
    waiting = need(
        waits["files_waiting"],
        _("Files that cannot be fetched or stored, and are tried again"),
        list_of("messaging_media", retried="yes"),
        step=_(
            "Look whether the disk of MEDIA_ROOT is full or the bucket gone. Then order “Fetch"
            " again”; else they come by themselves."
        ),
        problems=kinds["files_waiting"],
    )
    failed = need(
        waits["files_failed"],
        _("Files that could not be fetched"),
        list_of("messaging_media", status__exact="failed"),
        step=_("Order “Fetch again” soon: providers keep files for some days only."),
    )
    return Panel(
        title=_("Files"),
        well=_("Every file was fetched, or is being fetched."),
        needs=[each for each in (waiting, failed) if each],
        permission="messaging.view_media",
    )


def tasks(kinds: Kinds, waits: Waits) -> Panel:
    failed = need(
        waits["tasks_failed"],
        _("Background tasks that failed"),
        list_of("procrastinate_procrastinatejob"),
        step=_("The log of the jobs process says why. They are forgotten after thirty days."),
        problems=kinds["tasks_failed"],
    )
    return Panel(
        title=_("Background tasks"),
        well=_("No task failed."),
        needs=[each for each in (failed, erasures(kinds["erasure_unfinished"])) if each],
        permission="procrastinate.view_procrastinatejob",
    )


def erasures(unfinished: Kind) -> Need | None:
    """Return the need of erasures that came to no end within a day."""
    if not unfinished.number:
        return None
    return Need(
        title=_("Tenants with a contact whose erasure is not finished after a day"),
        number=unfinished.number,
        step=_("The log of the jobs process says why. manage.py status names the tenants."),
        problems=unfinished.number,
    )


def outgoing_webhooks(waits: Waits) -> Panel:
    disabled = waits["endpoints_disabled"]
    found = need(
        disabled,
        _("Endpoints that were disabled because they failed"),
        list_of("messaging_webhookendpoint", disabled="failed"),
        step=_(
            "Once its owner has mended an endpoint, order “Enable”: it goes on where it stopped."
        ),
        words=WHY_DISABLED,
    )
    return Panel(
        title=_("Outgoing webhooks"),
        well=_("No endpoint was disabled because it failed."),
        needs=[found] if found else [],
        permission="messaging.view_webhookendpoint",
    )


def need(
    waiting: Waiting,
    title: str,
    address: str,
    *,
    step: str,
    problems: Kind | None = None,
    words: Mapping[Any, Any] | None = None,
) -> Need | None:
    """Return a need of what waits, or None where nothing does."""
    told = problems.number if problems else 0
    if not waiting.number and not told:
        return None
    return Need(
        title=title,
        address=address,
        number=waiting.number,
        is_more=waiting.is_more,
        newest=waiting.newest,
        step=step,
        reasons=reasons_of_rows(waiting, words),
        problems=told,
    )
