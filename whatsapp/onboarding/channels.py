"""Make the channels of a business that is being connected before anything at Meta depends on them;
they go live at the end.

A number that another tenant has stays with that tenant until then: both have a channel of it, and
only theirs is live.
"""

import secrets
from typing import Any

from django.db import IntegrityError

from channels_app import tasks
from channels_app.lifecycle import ownership
from channels_app.models import Channel, ChannelTaken
from tenants.encryption import CannotOpen
from tenants.models import ConnectLink
from tenants.scope import operator_scope, tenant_scope
from whatsapp.models import Signup

KIND = "whatsapp"
BESIDE_THE_PHONE = 20  # messages a second of a number that stays in the phone app
REGISTERED = ("CONNECTED", "CLOUD_API")  # a number's status and platform


MEANWHILE = (
    "{} was connected by another business here meanwhile. Press Continue to see what can be done."
)
LINK_USED = (
    "Another number was connected with this link meanwhile. Ask for a new link to connect this one,"
    " too."
)


class GivenUp(Exception):
    """A number was disconnected, or moved, while it was being connected, or the link was used for
    another one; the message is a sentence for the member.
    """


def store(signup: Signup, token: str) -> None:
    """Make a channel for each number, with token and PIN sealed; a new one is pending, the tenant's
    own stays as it is.
    """
    try:
        put(signup, token)
    except IntegrityError:  # the tenant's own other attempt has just made them
        put(signup, token)


def put(signup: Signup, token: str) -> None:
    with tenant_scope(signup.tenant_id):
        channels = held(signup)
        for each in signup.numbers:
            new = Channel(tenant_id=signup.tenant_id, kind=KIND, external_id=each["id"])
            channel = channels.get(each["id"], new)
            channel.account_id, channel.name = (
                each["account_id"],
                channel.name or each["verified_name"][:200],
            )
            channel.replace(**{"pin": new_pin(), **pin_in(channel), "access_token": token})
            channel.token_expires_at = signup.token_expires_at
            channel.save_settings("account_id", "name", "token_expires_at")


def held(signup: Signup) -> dict[str, Channel]:
    """The tenant's channels of these numbers, by Meta's id; locked, so that none is given up
    between a look and a change.
    """
    ids = [each["id"] for each in signup.numbers]
    found = Channel.objects.filter(kind=KIND, external_id__in=ids).exclude(
        status=Channel.Status.DISCONNECTED
    )
    return {each.external_id: each for each in found.order_by("id").select_for_update(no_key=True)}


def pin_in(channel: Channel) -> dict[str, str]:
    """The PIN that is sealed with the channel, if it has one that opens."""
    try:
        return {"pin": channel.secret("pin")}
    except CannotOpen:
        return {}


def new_pin() -> str:
    return f"{secrets.randbelow(10**6):06}"


def pin_of(signup: Signup, phone_number_id: str) -> str:
    with tenant_scope(signup.tenant_id):
        return held(signup)[phone_number_id].secret("pin")


def waiting(signup: Signup) -> list[dict[str, Any]]:
    """The numbers that are to be registered, the next one first."""
    return [
        each for each in signup.numbers if (each["status"], each["platform_type"]) != REGISTERED
    ]


def registered(signup: Signup, number: dict[str, Any]) -> None:
    """It waits no more: a PIN that is entered next is another number's."""
    number["status"], number["platform_type"] = REGISTERED
    with tenant_scope(signup.tenant_id):
        Signup.objects.filter(id=signup.id).update(numbers=signup.numbers)


def set_pin(signup: Signup, pin: str) -> None:
    """Of the number that failed for its PIN: the one that Meta has for it. Within the tenant's
    scope.
    """
    channels = held(signup)
    for each in waiting(signup)[:1]:
        if each["id"] in channels:
            channels[each["id"]].replace(pin=pin)
            channels[each["id"]].save_settings()


def go_live(signup: Signup) -> int:
    """Make the signup's channels live and, where the move was ordered, disconnect those of other
    tenants: both or neither.

    Returns how many numbers moved. Raises GivenUp where one was given up, or the signup's link has
    connected another one; ChannelTaken where another tenant has a number and no move was ordered.
    What was held is released by the worker.
    """
    shown = {each["id"]: each["shown"] for each in signup.numbers}
    try:
        with operator_scope():
            channels = ownership.locked(KIND, shown)
            own = {
                each.external_id: each for each in channels if each.tenant_id == signup.tenant_id
            }
            former = [
                each
                for each in channels
                if each.tenant_id != signup.tenant_id and each.status in Channel.ROUTABLE
            ]
            check_that_all_are_held(shown, own)
            if former and not signup.is_move:
                raise ChannelTaken(
                    MEANWHILE.format(", ".join(shown[each.external_id] for each in former))
                )
            use_link(signup, own)
            ownership.release(
                former,
                to_tenant_id=signup.tenant_id,
                by_user_id=signup.user_id,
                by_link_id=signup.link_id,
            )
            make_live(signup, own)
    except IntegrityError:
        raise ChannelTaken(MEANWHILE.format(", ".join(shown.values()))) from None
    return len(former)


def check_that_all_are_held(shown: dict[str, str], own: dict[str, Channel]) -> None:
    for external_id, number in shown.items():
        if external_id not in own:
            raise GivenUp(
                f"{number} was given up while it was being connected. Press Continue to connect it"
                " still."
            )


def check_link(signup: Signup) -> None:
    """Raise GivenUp where the signup's link has connected another number."""
    if signup.link_id is None:
        return
    with tenant_scope(signup.tenant_id):
        used_by = ConnectLink.objects.values_list("channel_id", flat=True).get(id=signup.link_id)
        if used_by and used_by not in {each.id for each in held(signup).values()}:
            raise GivenUp(LINK_USED)


def use_link(signup: Signup, channels: dict[str, Channel]) -> None:
    """The signup's link, if it has one, is used by its one channel. Within operator_scope: two
    attempts at once wait for each other.
    """
    if signup.link_id is None:
        return
    (channel,) = channels.values()
    if not ConnectLink.objects.use(signup.link_id, channel.id):
        raise GivenUp(LINK_USED)


def make_live(signup: Signup, channels: dict[str, Channel]) -> None:
    for channel in channels.values():
        channel.go_live()
        if signup.is_coexistence:
            channel.messages_per_second = min(channel.messages_per_second, BESIDE_THE_PHONE)
        channel.save_settings("messages_per_second", *Channel.STANDING)
    Channel.objects.forget_check([channel.id for channel in channels.values()])
    Channel.objects.learn_numbers(
        {channels[each["id"]].id: each["number"] for each in signup.numbers}
    )
    tasks.fetch_templates_soon(channels.values())
