"""What Meta says of a number that is connected: its token, its webhooks, itself. Everything that could be silently broken."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from channels_app.models import Channel
from channels_app.providers import Examination, SendError
from whatsapp import access
from whatsapp.access import Inspected, Number
from whatsapp.connected import REGISTERED
from whatsapp.errors import NEEDS_REAUTH
from whatsapp.notices_of_numbers import limit as limit_in_words
from whatsapp.steps import NEEDED

AHEAD = timedelta(days=14)  # so long before a token ends it is said


def examine(channel: Channel) -> Examination:
    """Raises SendError where Meta cannot be asked now."""
    token = channel.secrets()["access_token"]
    try:
        told = access.inspect(token) if settings.META_APP_ID else None
        if refused := refusal(told, channel):
            return Examination(faults=(refused,), parks=NEEDS_REAUTH, token_expires_at=channel.token_expires_at)
        number = access.number(channel.external_id, token=token)
        webhooks = webhook_faults(channel, token) if told else []
    except SendError as error:
        if error.parks or error.then == "failed":
            return Examination(faults=(str(error),), parks=error.parks, token_expires_at=channel.token_expires_at)
        raise
    faults = (*ending_faults(told), *webhooks, *number_faults(number))
    limit = access.messaging_limit(channel.external_id, token=token)
    ends = told.expires_at if told else channel.token_expires_at
    return Examination(faults=faults, health=health_of(number, limit), token_expires_at=ends)


def refusal(told: Inspected | None, channel: Channel) -> str:
    """Why nothing can be sent with this token; empty: it can."""
    if told is None:
        return ""
    if not told.is_valid:
        return f"{told.reason} Connect the number again."
    if told.app_id != settings.META_APP_ID:
        return "The token was given to another app: connect the number again."
    if missing := [scope for scope in NEEDED if scope not in told.scopes]:
        return f"The token lacks the permission {missing[0]}: connect the number again, and grant it."
    if told.names_accounts and not told.covers(channel.account_id):
        return "The token does not reach the number's business account any more: connect the number again."
    return ""


def ending_faults(told: Inspected | None) -> list[str]:
    ends: dict[str, datetime | None] = {}
    if told:
        ends = {"The token": told.expires_at, "The access to the account's data": told.data_access_expires_at}
    soon = timezone.now() + AHEAD
    return [
        f"{what} ends on {end:%Y-%m-%d}: connect the number again before." for what, end in ends.items() if end and end < soon
    ]


def webhook_faults(channel: Channel, token: str) -> list[str]:
    ours = [each for each in access.subscriptions(channel.account_id, token=token) if each.app_id == settings.META_APP_ID]
    if not ours:
        return ["Our app is not subscribed to the account: nothing that people write arrives. Connect the number again."]
    elsewhere = [each.callback for each in ours if each.callback and not each.callback.startswith(f"{settings.PUBLIC_URL}/")]
    return ["The account's webhooks go to another address than ours: connect the number again."] if elsewhere else []


def number_faults(number: Number) -> list[str]:
    if number.status != REGISTERED[0]:
        standing = number.status.lower() or "not connected"
        return [f"Meta says that the number is {standing}: look into WhatsApp Manager, or connect it again."]
    return []


def health_of(number: Number, limit: int | str | None) -> dict[str, str]:
    told = {
        "number_status": number.status.lower(),
        "quality": number.quality_rating.lower(),
        "throughput": number.throughput.lower(),
        "name": number.verified_name,
        "limit": limit_in_words(limit),
    }
    return {word: value for word, value in told.items() if value}
