"""A number as its owner sees it on the connect page: whether it works, what is the matter, and what
to do. Pure.
"""

from dataclasses import dataclass

from django.utils import timezone

from channels_app.lifecycle.health_check import finding_of
from channels_app.models import Channel
from whatsapp.health import AHEAD
from whatsapp.pages.plain_words import of_a_check, of_a_stop
from whatsapp.wording import readable

Status = Channel.Status
GOOD, QUIET, BAD = "good", "quiet", "bad"
WAITS = "Until then nothing is sent from it, and answers wait."


@dataclass(frozen=True, slots=True)
class Card:
    """`tone`: how `status` looks. `matter`: what is wrong and what to do. `ends`: when Meta's
    permission does.
    `reconnects`: whether connecting it again helps.
    """

    channel: Channel
    status: str
    tone: str
    matter: str
    ends: str
    ends_soon: bool
    reconnects: bool

    @property
    def number(self) -> str:
        return number_of(self.channel)

    @property
    def name(self) -> str:
        return self.channel.name


def number_of(channel: Channel) -> str:
    """As people dial it, else its name; Meta's id where nothing else names it."""
    return (
        f"+{channel.phone_number}"
        if channel.phone_number
        else channel.name or f"number {channel.external_id}"
    )


def named(channel: Channel) -> str:
    """For a sentence: its name, and the number behind it."""
    number = number_of(channel)
    return f"{channel.name} ({number})" if channel.name and channel.name != number else number


def card_of(channel: Channel, *, is_being_connected: bool) -> Card:
    status, tone = standing(channel, is_being_connected)
    return Card(
        channel=channel,
        status=status,
        tone=tone,
        matter=matter_of(channel),
        ends=ends_of(channel),
        ends_soon=ends_soon(channel),
        reconnects=reconnects(channel),
    )


def standing(channel: Channel, is_being_connected: bool) -> tuple[str, str]:
    """In a few words, and how they look."""
    if channel.status == Status.PENDING:
        return ("Being connected" if is_being_connected else "Not connected yet"), QUIET
    if channel.status == Status.NEEDS_REAUTH:
        return "Needs to be connected again", BAD
    if channel.status == Status.RESTRICTED:
        return "Stopped by Meta", BAD
    return ("Needs your attention", BAD) if matter_of(channel) else ("Works", GOOD)


def matter_of(channel: Channel) -> str:
    if channel.status in Channel.PARKED:
        return f"{of_a_stop(channel.status_reason)} {WAITS}"
    found = finding_of(channel)
    return of_a_check(found) if channel.status == Status.LIVE and found else ""


def ends_of(channel: Channel) -> str:
    """A sentence about the end of Meta's permission, if it has one and sends until then."""
    end = channel.token_expires_at
    if end is None or channel.status in Channel.PARKED:
        return ""
    if end <= timezone.now():
        return f"Meta's permission for it ended on {readable(end)}."
    return f"Meta's permission for it ends on {readable(end)}. Connect it again before then."


def reconnects(channel: Channel) -> bool:
    """Whether the card offers it: a number that Meta stopped is connected again only where nothing
    else brings it back.
    """
    if channel.status == Status.RESTRICTED:
        return channel.recovers_by == Channel.Recovery.RECONNECT
    if channel.status == Status.NEEDS_REAUTH:
        return True
    return channel.status == Status.LIVE and (ends_soon(channel) or bool(matter_of(channel)))


def ends_soon(channel: Channel) -> bool:
    return (
        channel.token_expires_at is not None and channel.token_expires_at < timezone.now() + AHEAD
    )
