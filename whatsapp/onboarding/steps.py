"""The steps that connect a business, in their order. Each may be repeated, and proves with the
token what it goes on with.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from channels_app.lifecycle import ownership
from channels_app.models import ChannelTaken
from channels_app.providers import SendError
from channels_app.storable import KIND_LENGTH
from whatsapp import business
from whatsapp.json_values import digits
from whatsapp.models import Signup
from whatsapp.onboarding import channels
from whatsapp.wording import readable

NOT_SHARED = ("10", "100", "200", "803")  # codes of Meta's for what a token may not see
CALLED = {
    "whatsapp_business_management": "to manage the WhatsApp account",
    "whatsapp_business_messaging": "to send and receive messages",
}

TAKEN = (
    "{} is connected by another business here. Disconnect it there and press Continue, or move it"
    " here: its messages so far stay where they are."
)


SEVERAL = "Meta shows us {}. A link connects one number: choose which, and press Continue."


class StepFailed(Exception):
    """The message says to the member what is wrong and what to do; `learned`: what the signup keeps
    all the same.
    """

    def __init__(self, message: str, **learned: Any) -> None:
        super().__init__(message)
        self.learned = learned


@dataclass(frozen=True)
class Done:
    """What to tell the member, and what the signup learned."""

    said: str
    learned: dict[str, Any] = field(default_factory=dict)


def check_token(signup: Signup, token: str) -> Done:
    told = business.inspect(token)
    wanted = signup.hints.get("waba_id", "")
    accounts = [wanted] if wanted else list(told.account_ids)
    if not told.is_valid:
        raise StepFailed("Meta has taken the permission back meanwhile. Press Connect again.")
    if told.app_id != settings.META_APP_ID:
        raise StepFailed("The permission was given to another platform. Press Connect again.")
    if told.scopes and told.missing_scopes:
        wanted_for = CALLED[told.missing_scopes[0]]
        raise StepFailed(
            f"The permission {wanted_for} is missing. Press Connect again, and leave every box"
            " ticked."
        )
    if not accounts:
        raise StepFailed(
            "No WhatsApp business account was shared with us. Press Connect again, and choose one."
        )
    until = f"It lasts until {readable(told.expires_at)}." if told.expires_at else "It has no end."
    learned = {
        "granted_by": told.user_id,
        "token_expires_at": told.expires_at,
        "accounts": accounts,
    }
    return Done(until, learned)


def prove_numbers(signup: Signup, token: str) -> Done:
    """The accounts whose numbers Meta shows to the token are the business's; what else was named is
    left out. By a link one number is connected.
    """
    shown = {account_id: shown_to(token, account_id) for account_id in signup.accounts}
    accounts = [account_id for account_id, found in shown.items() if found is not None]
    if not accounts:
        raise StepFailed(
            "The account that was chosen was not shared with us. Press Connect again, and"
            " choose it."
        )
    numbers = [
        described(account_id, each) for account_id in accounts for each in shown[account_id] or []
    ]
    if wanted := signup.hints.get("phone_number_id", ""):
        numbers = [each for each in numbers if each["id"] == wanted]
        if not numbers:
            raise StepFailed(
                "The number is not of an account that was shared with us. Press Connect again, and"
                " choose both."
            )
    if not numbers:
        raise StepFailed(
            "The account has no number yet. Add one in WhatsApp Manager, then press Continue."
        )
    if signup.link_id and len(numbers) > 1:
        raise StepFailed(SEVERAL.format(names(numbers)), numbers=numbers)
    return Done(f"Meta shows us {names(numbers)}.", {"numbers": numbers, "accounts": accounts})


def shown_to(token: str, account_id: str) -> list[business.Number] | None:
    """The account's numbers; None: Meta knows no such account for the token."""
    try:
        return business.numbers(account_id, token=token)
    except SendError as error:
        if error.code not in NOT_SHARED:
            raise
    return None


def described(account_id: str, number: business.Number) -> dict[str, Any]:
    shown = {
        "shown": number.display_phone_number,
        "number": digits(number.display_phone_number)[:KIND_LENGTH],
    }
    told = {
        name: getattr(number, name) for name in ("id", "verified_name", "status", "platform_type")
    }
    return {"account_id": account_id, **shown, **told}


def names(numbers: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{each['shown']} ({each['verified_name']})" if each["verified_name"] else each["shown"]
        for each in numbers
    )


def check_owner(signup: Signup, token: str) -> Done:
    """A number that another tenant has here stays there, unless its move was ordered; the token
    proves the right to that. What a link connected already is not followed by another number.
    """
    channels.check_link(signup)
    taken = ownership.taken(
        channels.KIND, [each["id"] for each in signup.numbers], by_other_than=signup.tenant_id
    )
    if not taken:
        return Done("No other business here uses them.")
    shown = names([each for each in signup.numbers if each["id"] in taken])
    if signup.is_move:
        return Done(
            f"{shown} stays with another business here until the last step, and is taken over then."
        )
    raise StepFailed(TAKEN.format(shown))


def store_token(signup: Signup, token: str) -> Done:
    channels.store(signup, token)
    return Done("It is encrypted, and no page shows it.")


def subscribe(signup: Signup, token: str) -> Done:
    for account_id in signup.accounts:
        business.subscribe(account_id, token=token)
        if settings.META_APP_ID not in {
            each.app_id for each in business.subscriptions(account_id, token=token)
        }:
            raise StepFailed(
                "Meta does not pass the account's messages on to us yet. Press Continue to try it"
                " again."
            )
    return Done("Messages reach us from now on.")


def register(signup: Signup, token: str) -> Done:
    if signup.is_coexistence:
        return Done("Not needed: the numbers stay in the phone app.")
    waiting = channels.waiting(signup)
    for each in waiting:
        business.register(each["id"], token=token, pin=channels.pin_of(signup, each["id"]))
        channels.registered(signup, each)
    return Done(
        "Each has a PIN, which is kept encrypted." if waiting else "They were registered already."
    )


def go_live(signup: Signup, token: str) -> Done:
    for each in signup.numbers:
        number = business.number(each["id"], token=token)
        if number.status != channels.REGISTERED[0]:
            standing = number.status.lower().replace("_", " ") or "not connected"
            raise StepFailed(
                f"Meta says that {each['shown']} is {standing} still. Press Continue in a minute."
            )
    moved = channels.go_live(signup)
    taken_over = " Taken over from another business here." if moved else ""
    return Done(
        f"{names(signup.numbers)}: connected.{taken_over}",
        {"status": Signup.Status.CONNECTED, "credentials": ""},
    )


EXCHANGE = "exchange"
TITLES = {
    EXCHANGE: "Meta gives us its permission",
    "token": "The permission is checked",
    "numbers": "Meta shows us the account and its numbers",
    "owner": "Nobody else here uses the numbers",
    "store": "The permission is kept safe",
    "subscribe": "Meta passes the account's messages on to us",
    "register": "The numbers are registered with Meta",
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
FAILURES = (StepFailed, SendError, ChannelTaken, channels.GivenUp)
