"""Learn a recipient's ids from the provider's answer: the number that was dialled may be known to
it as another one.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import DatabaseError

from channels_app import event_log
from channels_app.events import ContactEvent
from channels_app.models import Channel
from messaging.arrivals import without_delivery
from messaging.contacts import resolution
from messaging.database_errors import is_the_databases
from messaging.models import ContactIdentity
from tenants.scope import router_scope

SHORT_WAIT = "200ms"  # for a lock

Told = tuple[UUID, Channel, ContactEvent]


def recognise(told: Iterable[Told]) -> None:
    """For each (message, its channel, what was told): the ids are of the message's contact, a
    transaction each.

    Everybody's messages wait behind this, so one that somebody holds is left: the next answer says
    it again.
    """
    for each in told:
        try:
            with router_scope(SHORT_WAIT):
                learn(*each)
        except DatabaseError as error:
            if is_the_databases(error):
                raise


def learn(message_id: UUID, channel: Channel, event: ContactEvent) -> None:
    own = ContactIdentity.objects.filter(
        tenant=channel.tenant_id, contact__conversations__messages=message_id, is_active=True
    )
    known = tuple(own.order_by("id").values_list("kind", "value"))
    arrival = without_delivery(replace(event, contact_ids=(*event.contact_ids, *known)))
    news = [arrival.at(channel)]
    resolution.lock_senders(news)
    _, told = resolution.contacts_of([], news)
    event_log.append(told)
