"""The channels of a business that is being connected: made before anything at Meta depends on them, live at the end."""

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from channels_app import tasks
from channels_app.models import Channel, ChannelTaken
from channels_app.sealing import CannotOpen
from tenants.scope import tenant_scope
from whatsapp.models import Signup

KIND = "whatsapp"
BESIDE_THE_PHONE = 20  # messages a second of a number that stays in the phone app


def store(signup: Signup, token: str) -> None:
    """A channel for each number, with token and PIN sealed; a new one is pending, the tenant's own stays as it is.

    Raises ChannelTaken.
    """
    with tenant_scope(signup.tenant_id):
        for each in signup.numbers:
            channel = own(signup.tenant_id, each["id"])
            channel.account_id, channel.name = each["account_id"], channel.name or each["verified_name"]
            channel.replace(**{"pin": new_pin(), **pin_in(channel), "access_token": token})
            channel.token_expires_at = signup.token_expires_at
            try:
                with transaction.atomic():
                    channel.save_settings()
            except IntegrityError:
                raise ChannelTaken(f"{each['shown']} was connected by another business here meanwhile.") from None


def own(tenant_id: UUID, phone_number_id: str) -> Channel:
    """The tenant's channel of this number, else a new one."""
    found = Channel.objects.filter(kind=KIND, external_id=phone_number_id).exclude(status=Channel.Status.DISCONNECTED).first()
    return found or Channel(tenant_id=tenant_id, kind=KIND, external_id=phone_number_id)


def pin_in(channel: Channel) -> dict[str, str]:
    """The PIN that is sealed with the channel, if it has one that opens."""
    try:
        return {"pin": channel.secrets()["pin"]}
    except (CannotOpen, KeyError):
        return {}


def new_pin() -> str:
    return f"{secrets.randbelow(10**6):06}"


def pin_of(signup: Signup, phone_number_id: str) -> str:
    with tenant_scope(signup.tenant_id):
        return own(signup.tenant_id, phone_number_id).secrets()["pin"]


def set_pin(signup: Signup, pin: str) -> None:
    """The one that Meta has for them, where it was set before. Within the tenant's scope."""
    for each in signup.numbers:
        channel = own(signup.tenant_id, each["id"])
        if channel.credentials:
            channel.replace(pin=pin)
            channel.save_settings()


def go_live(signup: Signup) -> None:
    """What the tenant was told of before is live now; what was held is released by the worker."""
    with tenant_scope(signup.tenant_id):
        channels = [own(signup.tenant_id, each["id"]) for each in signup.numbers]
        for channel in channels:
            channel.status, channel.status_reason, channel.connected_at = Channel.Status.LIVE, "", timezone.now()
            if signup.is_coexistence:
                channel.messages_per_second = min(channel.messages_per_second, BESIDE_THE_PHONE)
            channel.save_settings()
        Channel.objects.learn_numbers(
            {channel.id: each["number"] for channel, each in zip(channels, signup.numbers, strict=True)}
        )
        tasks.fetch_templates_soon(channels)
