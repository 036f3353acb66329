"""Background tasks: erase a contact, and go on with what had to wait or was interrupted."""

from uuid import UUID

from procrastinate.contrib.django import app

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
    """Go on with every order that is not finished."""
    with operator_scope():
        ids = list(Erasure.objects.filter(finished_at=None).order_by("id").values_list("id"))
    for (erasure_id,) in ids:
        erase(erasure_id)


def erase_soon(erasure: Erasure) -> None:
    """Have an order carried out, in the caller's transaction."""
    defer(erase_contact, {"tenant_id": str(erasure.tenant_id), "erasure_id": str(erasure.id)})
