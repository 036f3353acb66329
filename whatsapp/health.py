"""What Meta shows of a connected number to who has its token: the number itself, its webhooks, how
long the token lives.

Three small calls a number: the number, the token and the account's subscriptions (these two where
our app is set up); and a fourth for our role, where a setting says how. Reading the number decides
whether the channel works. The rest is told as warnings: what Meta says of tokens changes from year
to year.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from channels_app.models import Channel
from channels_app.providers import HealthReport, SendError
from whatsapp import business
from whatsapp.business import Inspected, Number
from whatsapp.errors import INVALID_SESSION, INVALID_TOKEN, NO_SUCH_OBJECT
from whatsapp.onboarding.channels import REGISTERED
from whatsapp.webhooks.channel_updates.numbers import limit as limit_in_words

AHEAD = timedelta(days=14)  # so long before a token ends it is said
DEAD_CODES = {str(INVALID_TOKEN), str(INVALID_SESSION)}
NO_SUCH_NUMBER = tuple(map(str, NO_SUCH_OBJECT))

ANSWERS_ALL_THE_SAME = "The number answers all the same: connect it again if sending fails."
NOT_LISTED = "Meta does not list the permission "
ANOTHER_APP = "The token was given to another app: connect the number again."
TOKEN_ENDS, ACCESS_ENDS = "The token ends on ", "The access to the account's data ends on "
ROLES_UNSEEN = "Our roles on the number cannot be looked at: "
UNSEEN = "The account's webhooks cannot be looked at: "
NOT_SUBSCRIBED = (
    "Our app is not subscribed to the account: nothing that people write arrives. Connect the"
    " number again."
)
ELSEWHERE = "The account's webhooks go to another address than ours: connect the number again."
STANDING = "Meta says that the number is "


@dataclass
class Findings:
    """What the calls beside the number bring. `is_complete`: each of them was answered, if only
    with a refusal.
    """

    token_expires_at: datetime | None
    faults: list[str] = field(default_factory=list)
    is_complete: bool = True
    thread_role: str | None = None

    def miss(self, error: SendError, before: str = "") -> None:
        """What is not answered now may be the next time; a refusal is told, behind the words
        `before`.
        """
        if error.is_passing:
            self.is_complete = False
        else:
            self.faults.append(f"{before}{error}")


def check(channel: Channel) -> HealthReport:
    """Raises SendError where Meta cannot be asked now."""
    token = channel.secret("access_token")
    try:
        number = number_of(channel, token)
    except SendError as error:
        if error.is_passing:
            raise
        return HealthReport(
            is_refused=is_dead(error),
            faults=(str(error),),
            token_expires_at=channel.token_expires_at,
        )
    found = Findings(channel.token_expires_at)
    if settings.META_APP_ID:
        look_at_token(token, found)
        look_at_webhooks(channel, token, found)
    if settings.WHATSAPP_ROUTING_ROLES_PATH:
        look_at_roles(channel, token, found)
    return HealthReport(
        is_working=True,
        is_complete=found.is_complete,
        faults=(*found.faults, *number_faults(number)),
        health=health_of(number),
        token_expires_at=found.token_expires_at,
        thread_role=found.thread_role,
    )


def number_of(channel: Channel, token: str) -> Number:
    """The number as Meta shows it. A refusal of the token counts only where a second call is
    refused as well.
    """
    try:
        return business.number_with_limit(channel.external_id, token=token)
    except SendError as error:
        if not is_dead(error):
            raise
    return business.number_with_limit(channel.external_id, token=token)


def is_dead(error: SendError) -> bool:
    """Whether Meta refused the token itself, or knows no such number for it."""
    return error.code in DEAD_CODES or (error.code, error.subcode) == NO_SUCH_NUMBER


def look_at_token(token: str, found: Findings) -> None:
    try:
        told = business.inspect(token)
    except SendError as error:
        found.miss(error)
        return
    found.token_expires_at = told.expires_at
    found.faults += [*token_faults(told), *ending_faults(told)]


def token_faults(told: Inspected) -> list[str]:
    """What Meta says against a token that works all the same."""
    if not told.is_valid:
        return [f"{told.reason} {ANSWERS_ALL_THE_SAME}"]
    faults = [
        f"{NOT_LISTED}{scope} for the token: connect the number again and grant it if sending"
        " fails."
        for scope in told.missing_scopes
    ]
    if told.app_id != settings.META_APP_ID:
        faults.append(ANOTHER_APP)
    return faults


def ending_faults(told: Inspected) -> list[str]:
    ends = {TOKEN_ENDS: told.expires_at, ACCESS_ENDS: told.data_access_expires_at}
    soon = timezone.now() + AHEAD
    return [
        f"{what}{end:%Y-%m-%d}: connect the number again before."
        for what, end in ends.items()
        if end and end < soon
    ]


def look_at_webhooks(channel: Channel, token: str, found: Findings) -> None:
    try:
        subscribed = business.subscriptions(channel.account_id, token=token)
    except SendError as error:
        found.miss(error, before=UNSEEN)
        return
    ours = [each for each in subscribed if each.app_id == settings.META_APP_ID]
    if not ours:
        found.faults.append(NOT_SUBSCRIBED)
    if any(
        each.callback and not each.callback.startswith(f"{settings.PUBLIC_URL}/") for each in ours
    ):
        found.faults.append(ELSEWHERE)


def look_at_roles(channel: Channel, token: str, found: Findings) -> None:
    path = settings.WHATSAPP_ROUTING_ROLES_PATH
    try:
        found.thread_role = business.thread_role(channel.external_id, token=token, path=path)
    except SendError as error:
        found.miss(error, before=ROLES_UNSEEN)


def number_faults(number: Number) -> list[str]:
    if number.status != REGISTERED[0]:
        standing = number.status.lower().replace("_", " ") or "not connected"
        return [f"{STANDING}{standing}: look into WhatsApp Manager, or connect it again."]
    return []


def health_of(number: Number) -> dict[str, str]:
    told = {
        "number_status": number.status.lower(),
        "quality": number.quality_rating.lower(),
        "throughput": number.throughput.lower(),
        "name": number.verified_name,
        "limit": limit_in_words(number.limit),
    }
    return {word: value for word, value in told.items() if value}
