"""Apply what recorded items change beyond their own rows: channels, windows, opt-outs, logs. In
transactions of its own.
"""

from collections.abc import Iterable, Set
from uuid import UUID

from channels_app.events import MessageEvent
from channels_app.lifecycle.parking import park
from channels_app.models import Channel
from messaging.arrivals import Routed
from messaging.contacts.opting_out import opt_out
from messaging.conversations import ownership
from messaging.failures import log_failure
from messaging.inbound import channel_updates, routing
from messaging.models import Conversation, DeadLetter, Message, MessageStatus
from messaging.models.owner_events import shows_sharing
from tenants.scope import router_scope


def apply_side_effects(arrived: routing.RoutedBatch) -> set[UUID]:
    """Apply what statuses say beyond their messages, and what channel updates change. Idempotent.

    Returns the deliveries that somebody's locks keep from being applied now.
    """
    concerned = {each.delivery_id for each in arrived.dead_letters}
    concerned |= {each.delivery_id for each in arrived.statuses}
    log(arrived, concerned - arrived.changing)
    learn_numbers(arrived.messages)
    learn_shared(arrived)
    blocked = channel_updates.apply(arrived.channel_updates) | apply_failures(arrived.statuses)
    log(arrived, arrived.changing - blocked)
    return blocked


def log(arrived: routing.RoutedBatch, deliveries: Set[UUID]) -> None:
    """Log what these deliveries hold that was rejected, and their messages that failed."""
    DeadLetter.objects.log(
        [each for each in arrived.dead_letters if each.delivery_id in deliveries]
    )
    for status in arrived.statuses:
        if status.delivery_id not in deliveries:
            continue
        if status.status == Message.Status.FAILED and status.message_id:
            whose = (status.message_id, status.tenant_id, status.channel_id)
            log_failure(*whose, status.error_code, status.error)


def apply_failures(statuses: list[MessageStatus]) -> set[UUID]:
    """Park channels, close windows, opt contacts out and give threads to others, as the failures
    among the statuses say. Returns the deliveries of those whose rows somebody else holds locked.
    """
    locked = park(each.refusal for each in statuses if each.refusal)
    closing = [each.message_id for each in statuses if each.closes_window and each.message_id]
    opting_out = [each.message_id for each in statuses if each.opts_out and each.message_id]
    left: set[UUID] = set()
    if closing or opting_out:
        with router_scope():
            left = Conversation.objects.close_windows(closing) | opt_out(opting_out)
    refused = {
        each.message_id: each.occurred_at
        for each in statuses
        if each.is_anothers and each.message_id
    }
    if refused:
        with router_scope():
            left |= ownership.refused(refused)
    return {
        each.delivery_id
        for each in statuses
        if (each.refusal and each.channel_id in locked) or each.message_id in left
    }


def learn_numbers(messages: Iterable[Routed[MessageEvent]]) -> None:
    """Store each channel's display number from the message metadata; account updates identify a
    channel by it.

    A number that a crash keeps from being learned comes with the next message.
    """
    told = {
        each.channel.id: each.arrival.event.channel_number
        for each in messages
        if each.arrival.event.channel_number
    }
    known = {each.channel.id: each.channel.phone_number for each in messages}
    if changed := {id: number for id, number in told.items() if number != known[id]}:
        with router_scope():
            Channel.objects.learn_numbers(changed)


def learn_shared(arrived: routing.RoutedBatch) -> None:
    """Store of which channels it became known that several responders share them."""
    by_updates = [each.channel for each in arrived.channel_updates if each.event.is_shared]
    by_messages = [each.channel for each in arrived.messages if shows_sharing(each.arrival.event)]
    shown = [*filter(None, by_updates), *by_messages]
    if news := {channel.id for channel in shown if not channel.shared_at}:
        with router_scope():
            Channel.objects.learn_shared(news)
