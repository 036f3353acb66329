"""Background tasks: erase a contact, and go on with what had to wait or was interrupted."""

from contextlib import suppress
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from messaging.models import Erasure
from messaging.privacy.erasing import erase
from tenants.deferring import defer
from tenants.scope import operator_scope


@app.task(name="messaging.tasks.erase_contact", queue="upkeep")
def erase_contact(tenant_id: str, erasure_id: str) -> None:
    erase(UUID(erasure_id))


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="messaging.tasks.continue_erasures", queue="upkeep", queueing_lock="continue_erasures"
)
def continue_erasures(timestamp: int) -> None:
    """Go on with every order that is not finished, each in a task of its own: one that fails or
    takes long keeps no other.
    """
    with operator_scope():
        unfinished = list(Erasure.objects.filter(finished_at=None).order_by("id"))
    for erasure in unfinished:
        go_on_with(erasure)


def go_on_with(erasure: Erasure) -> None:
    """Put the order in, unless it is there already."""
    task = erase_contact.configure(queueing_lock=f"erase/{erasure.id}", lock=f"erase/{erasure.id}")
    with suppress(AlreadyEnqueued), operator_scope():
        task.defer(tenant_id=str(erasure.tenant_id), erasure_id=str(erasure.id))


def erase_soon(erasure: Erasure) -> None:
    """Have an order carried out, in the caller's transaction."""
    defer(erase_contact, {"tenant_id": str(erasure.tenant_id), "erasure_id": str(erasure.id)})
