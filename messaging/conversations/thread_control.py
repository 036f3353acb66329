"""Carry out orders about threads: the provider is asked at most once, and what it says decides.

An order is begun and committed before the provider is asked. One whose answer never comes is
unknown, until the next word about the thread settles it.
"""

import logging
import time
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone

from channels_app import providers
from channels_app.events import Ids, OwnerSource, ThreadOwner
from channels_app.lifecycle.parking import park_dead_token
from channels_app.models import Channel
from channels_app.providers import SendError, ThreadControl, UnknownProvider
from channels_app.storable import ID_BYTES, KIND_LENGTH, storable_text
from messaging.conversations import ownership
from messaging.conversations.locking import locked
from messaging.conversations.thread_orders import NO_ADDRESS, NOT_OFFERED
from messaging.database_errors import is_the_databases
from messaging.models import Conversation, ThreadOrder
from messaging.models.owner_word import OwnerWord
from tenants.encryption import CannotOpen
from tenants.models import Tenant
from tenants.origins import origin_of
from tenants.scope import router_scope, tenant_scope

logger = logging.getLogger(__name__)

Action, Status = ThreadOrder.Action, ThreadOrder.Status
ASK_WITHIN_SECONDS = 5  # of the beginning: a process that slept longer asks no more
TRIES = 5  # to lock a conversation that is busy
TOO_LATE = SendError("The process slept before it could ask: order it again.", then="failed")
NOT_WORKING = "The channel does not work: it has to be repaired or connected first."
SUSPENDED = "The tenant is suspended."
# who has the thread once an order is done, and how that was learned
DONE = {
    Action.PASS: (ThreadOwner.OTHER, OwnerSource.WE_PASSED),
    Action.RELEASE: (ThreadOwner.NOBODY, OwnerSource.WE_RELEASED),
    Action.TAKE: (ThreadOwner.US, OwnerSource.WE_TOOK),
}


class NotYet(Exception):
    """It is not the order's turn: earlier messages of the conversation wait, or many orders do."""


def carry_out(tenant_id: UUID, order_id: UUID) -> None:
    """Ask the provider to do what was ordered, and record the outcome. Raises NotYet.

    One that was begun before is left as it is: the provider may have been asked. Of one that is
    done it is told who has the thread, if the try before this one could not.
    """
    with tenant_scope(tenant_id):
        wanted = ThreadOrder.objects.filter(status__in=[Status.QUEUED, Status.DONE])
        order = wanted.filter(id=order_id).first()
        conversation = locked(order.conversation_id) if order else None
        addresses = conversation.addresses() if conversation else ()
    if order is None or conversation is None:
        return
    if order.status == Status.DONE:
        tell_done(order)
        return
    provider = provider_of(conversation)
    reason = obstacle_of(conversation, addresses)
    if provider is None or reason:
        with tenant_scope(tenant_id):
            ThreadOrder.objects.refuse(order_id, reason or NOT_OFFERED)
        return
    started = time.monotonic()
    with router_scope():
        status = ThreadOrder.objects.begin(
            tenant_id, order_id, per_minute=provider.orders_per_minute
        )
    if status == Status.QUEUED:
        raise NotYet
    if status == Status.SENDING:
        is_late = time.monotonic() - started > ASK_WITHIN_SECONDS
        to = addresses[0][1]
        settle(order, TOO_LATE if is_late else ask(provider, conversation.channel, order, to))


def provider_of(conversation: Conversation) -> ThreadControl | None:
    """Return the provider that takes orders about the conversation; None where there is none."""
    try:
        provider = providers.acting_for(conversation.channel)
    except UnknownProvider:
        return None
    return provider if isinstance(provider, ThreadControl) else None


def obstacle_of(conversation: Conversation, addresses: Ids) -> str:
    """Return why the provider is not to be asked now; empty where it is."""
    channel = conversation.channel
    obstacles = {
        NO_ADDRESS: not addresses,
        NOT_WORKING: channel.status != Channel.Status.LIVE,
        SUSPENDED: channel.tenant.status != Tenant.Status.ACTIVE,
    }
    return next((reason for reason, applies in obstacles.items() if applies), "")


def ask(provider: ThreadControl, channel: Channel, order: ThreadOrder, to: str) -> SendError | None:
    """Return the provider's refusal; None where it has done what was ordered."""
    try:
        match order.action:
            case Action.PASS:
                provider.pass_thread(channel, to, order.note)
            case Action.RELEASE:
                provider.release_thread(channel, to)
            case Action.TAKE:
                provider.take_thread(channel, to, order.note)
    except SendError as error:
        park_dead_token(channel, error)
        return error
    except CannotOpen as error:
        return SendError(str(error), then="failed")
    except Exception as error:  # the provider may have been asked
        name = type(error).__name__
        logger.error("Thread order %s failed (%s at %s).", order.id, name, origin_of(error))
        return SendError(f"The provider's code failed ({name}).", then="unknown")
    return None


def settle(order: ThreadOrder, refusal: SendError | None) -> None:
    """Record what became of an order that was begun, and then who has the thread."""
    if refusal is None:
        outcome = {"status": Status.DONE.value, "error": "", "error_code": ""}
    else:
        status = Status.UNKNOWN if refusal.then == "unknown" else Status.FAILED
        outcome = {
            "status": status.value,
            "error": storable_text(str(refusal), ID_BYTES),
            "error_code": storable_text(refusal.code, KIND_LENGTH),
        }
    with router_scope():
        is_news = ThreadOrder.objects.settle(order.id, **outcome)
        settled = ThreadOrder.objects.get(id=order.id)
        if refusal and refusal.then == "unknown":
            ThreadOrder.objects.settle_unknown({settled.conversation_id: settled.tenant_id})
    if is_news and refusal is None:
        tell_done(settled)


def tell_done(order: ThreadOrder) -> None:
    """Record who has the thread after an order that was carried out. May be repeated. Raises
    OperationalError where the conversation stays busy.
    """
    owner, told_by = DONE[Action(order.action)]
    for attempt in range(TRIES):
        try:
            with router_scope():
                conversation = locked(order.conversation_id)
                at = order.begun_at or timezone.now()
                word = OwnerWord(owner, told_by, at, order.note)
                ownership.tell([conversation], {conversation.id: word}, order.by)
            return
        except OperationalError as error:
            if is_the_databases(error) or attempt == TRIES - 1:
                raise
