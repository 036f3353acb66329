"""The steps that connect a business, in their order. Each may be repeated, and proves with the token what it goes on with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from channels_app import moving
from channels_app.models import ChannelTaken
from channels_app.providers import SendError
from channels_app.storable import KIND_LENGTH
from whatsapp import access, connected
from whatsapp.items import digits
from whatsapp.models import Signup

NEEDED = ("whatsapp_business_management", "whatsapp_business_messaging")


class StepFailed(Exception):
    """The message says to the member what is wrong and what to do."""


@dataclass(frozen=True)
class Done:
    """What to tell the member, and what the signup learned."""

    said: str
    learned: dict[str, Any] = field(default_factory=dict)


def check_token(signup: Signup, token: str) -> Done:
    told = access.inspect(token)
    missing = [scope for scope in NEEDED if scope not in told.scopes]
    wanted = signup.hints.get("waba_id", "")
    if not told.is_valid:
        raise StepFailed("Meta says that the token is not valid any more. Press Connect again.")
    if told.app_id != settings.META_APP_ID:
        raise StepFailed("The token was given to another app. Press Connect again.")
    if missing:
        raise StepFailed(f"The token lacks the permission {missing[0]}. Press Connect again, and grant it.")
    if wanted and not told.covers(wanted):
        raise StepFailed(f"The account {wanted} was not shared with us. Press Connect again, and choose it.")
    granted = [each for each in told.waba_ids if told.covers(each)]
    if not granted:
        raise StepFailed("No WhatsApp business account was shared with us. Press Connect again, and choose one.")
    until = f"until {told.expires_at:%Y-%m-%d}" if told.expires_at else "without an end"
    learned = {"granted_by": told.user_id, "token_expires_at": told.expires_at, "accounts": [wanted] if wanted else granted}
    return Done(f"It is valid {until}.", learned)


def prove_numbers(signup: Signup, token: str) -> Done:
    numbers = [
        described(account_id, number) for account_id in signup.accounts for number in access.numbers(account_id, token=token)
    ]
    if wanted := signup.hints.get("phone_number_id", ""):
        numbers = [each for each in numbers if each["id"] == wanted]
        if not numbers:
            raise StepFailed(f"The number {wanted} is not of an account that was shared with us. Press Connect again.")
    if not numbers:
        raise StepFailed("The account has no number yet. Add one in WhatsApp Manager, then press Continue.")
    return Done(f"Meta shows us {names(numbers)}.", {"numbers": numbers})


def described(account_id: str, number: access.Number) -> dict[str, Any]:
    shown = {"shown": number.display_phone_number, "number": digits(number.display_phone_number)[:KIND_LENGTH]}
    told = {name: getattr(number, name) for name in ("id", "verified_name", "status", "platform_type")}
    return {"account_id": account_id, **shown, **told}


def names(numbers: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{each['shown']} ({each['verified_name']})" if each["verified_name"] else each["shown"] for each in numbers
    )


def check_owner(signup: Signup, token: str) -> Done:
    """A number that another tenant has here stays there, unless its move was ordered; the token proves the right to that."""
    ids = [each["id"] for each in signup.numbers]
    if signup.is_move:
        moved = moving.release(connected.KIND, ids, to_tenant_id=signup.tenant_id, by_user_id=signup.user_id)
        numbers = "One number was" if moved == 1 else f"{moved} numbers were"
        return Done(f"{numbers} taken over." if moved else "No other business here has them.")
    taken = moving.taken(connected.KIND, ids, by_other_than=signup.tenant_id)
    if taken:
        shown = names([each for each in signup.numbers if each["id"] in taken])
        raise StepFailed(
            f"{shown} is connected by another business here. Disconnect it there and press Continue, or move it here: "
            "its messages so far stay where they are."
        )
    return Done("No other business here has them.")


def store_token(signup: Signup, token: str) -> Done:
    try:
        connected.store(signup, token)
    except ChannelTaken as taken:
        raise StepFailed(str(taken)) from None
    return Done("It is sealed, and nobody can read it again.")


def subscribe(signup: Signup, token: str) -> Done:
    for account_id in signup.accounts:
        access.subscribe(account_id, token=token)
        if settings.META_APP_ID not in {each.app_id for each in access.subscriptions(account_id, token=token)}:
            raise StepFailed("Meta does not list our app among the account's. Press Continue to try it again.")
    return Done("Messages reach us from now on.")


def register(signup: Signup, token: str) -> Done:
    if signup.is_coexistence:
        return Done("Not needed: the numbers stay in the phone app.")
    waiting = connected.waiting(signup)
    for each in waiting:
        access.register(each["id"], token=token, pin=connected.pin_of(signup, each["id"]))
        connected.registered(signup, each)
    return Done("Each has a PIN, which is kept sealed." if waiting else "They were registered already.")


def go_live(signup: Signup, token: str) -> Done:
    for each in signup.numbers:
        number = access.number(each["id"], token=token)
        if number.status != connected.REGISTERED[0]:
            standing = number.status.lower() or "not connected"
            raise StepFailed(f"Meta says that {each['shown']} is {standing} still. Press Continue in a minute.")
    connected.go_live(signup)
    return Done(f"{names(signup.numbers)}: connected.", {"status": Signup.Status.CONNECTED, "credentials": ""})


EXCHANGE = "exchange"
TITLES = {
    EXCHANGE: "Meta gives us a token",
    "token": "The token is checked",
    "numbers": "Account and numbers are proven with it",
    "owner": "Nobody else here has the numbers",
    "store": "The token is stored",
    "subscribe": "Meta sends us the account's messages",
    "register": "The numbers are registered",
    "live": "The numbers are connected",
}
STEPS: dict[str, Callable[[Signup, str], Done]] = {
    "token": check_token,
    "numbers": prove_numbers,
    "owner": check_owner,
    "store": store_token,
    "subscribe": subscribe,
    "register": register,
    "live": go_live,
}
FAILURES = (StepFailed, SendError, connected.GivenUp)
