"""Move a number to another tenant by an operator's order.

A channel of that tenant waits until the provider shows it to whoever has its token, and takes the
number over in the transaction that makes it live. Until then, and if it is refused, the number
stays where it is.
"""

from functools import partial
from uuid import UUID

from django.db.models.functions import Now

from channels_app import event_log
from channels_app.event_log import LoggedEvent
from channels_app.lifecycle import ownership, proving
from channels_app.lifecycle.parking import UNPARKED
from channels_app.models import Channel
from tenants.scope import operator_scope


class NotMovable(Exception):
    """The number does not move; the message is a sentence for the operator."""


def begin(channel: Channel, to_tenant_id: UUID, token: str) -> Channel:
    """Make a channel of the tenant for this channel's number, which waits for its proof. Within
    operator_scope. Raises NotMovable.
    """
    if channel.status not in Channel.ROUTABLE or channel.is_test:
        raise NotMovable("Only a connected channel of a provider can be moved.")
    if channel.tenant_id == to_tenant_id:
        raise NotMovable("The number is that tenant's already.")
    same = Channel.objects.filter(
        tenant=to_tenant_id, kind=channel.kind, external_id=channel.external_id
    )
    if same.exclude(status=Channel.Status.DISCONNECTED).exists():
        raise NotMovable(
            "The tenant has a channel of this number already, which waits. Disconnect that first."
        )
    moved = Channel(
        tenant_id=to_tenant_id,
        kind=channel.kind,
        external_id=channel.external_id,
        account_id=channel.account_id,
        name=channel.name,
    )
    moved.seal(access_token=token)
    moved.await_proof()
    moved.save_settings()
    return moved


def prove_and_move(tenant_id: UUID, channel_id: UUID, by_user_id: UUID) -> None:
    """Ask the provider with the waiting channel's token, and move the number if it accepts it.
    Raises NotAsked.
    """
    proving.prove(tenant_id, channel_id, connect=partial(take_over, by_user_id=by_user_id))


def take_over(channel: Channel, *, by_user_id: UUID) -> bool:
    """Disconnect the number's channels of other tenants and make this one live: both or neither.
    Returns True: nobody else has the number then.
    """
    with operator_scope():
        locked = ownership.locked(channel.kind, [channel.external_id])
        own = Channel.objects.with_token_of(channel).filter(status=Channel.Status.PENDING)
        if own.exists():
            former = [
                each
                for each in locked
                if each.tenant_id != channel.tenant_id and each.status in Channel.ROUTABLE
            ]
            ownership.release(former, to_tenant_id=channel.tenant_id, by_user_id=by_user_id)
            own.update(**UNPARKED, connected_at=Now())
            live = Channel.Status.LIVE
            event_log.append([LoggedEvent.of_channel(channel.tenant_id, channel.id, live, "")])
    return True
