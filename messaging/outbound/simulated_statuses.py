"""Statuses of messages that were sent on test channels: webhooks of our own making, which come a
moment later and are taken in as any provider's are.
"""

from collections.abc import Iterable

from channels_app import providers
from channels_app.providers import Lane
from messaging.models import Message, WebhookDelivery
from messaging.outbound.dispatch import Result
from messaging.references import reference
from tenants.scope import router_scope

# what may have reached its recipient
SENT = {Message.Status.ACCEPTED, Message.Status.UNKNOWN}


def report(results: Iterable[Result]) -> None:
    """Put in what is reported of these messages, which are recorded. One that a crash keeps from
    being reported stays as it is.
    """
    sent = {
        each.outcome.message_id: each
        for each in results
        if each.channel.is_test and each.outcome.status in SENT
    }
    if sent:
        with router_scope():
            found = Message.objects.filter(id__in=sent).values_list("id", "recipient")
            recipients = dict(found)
        for id, recipient in recipients.items():
            put_in(sent[id], recipient)


def put_in(result: Result, recipient: str) -> None:
    channel, outcome = result.channel, result.outcome
    acting = providers.simulated_for(channel)
    told = reference(outcome.message_id, outcome.attempt)
    for each in acting.follow_ups(to=recipient, reference=told) if acting else ():
        with router_scope():
            WebhookDelivery.store_simulated(
                channel, each.body, lane=Lane.STATUSES, after=each.after
            )
