"""What was set aside of a delivery: why, in words, and what to do about it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.inbound import batches, leasing, recording, routing
from messaging.models import DeadLetter, WebhookDelivery
from messaging.models.dead_letter import WHOLE_DELIVERY

SHOWN = 50
ITEM_SHOWN = 4000  # characters
Cause = DeadLetter.Cause
CONNECT = _(
    "Connect the number {number} under a tenant. What waits for it is then processed by itself."
)
MEND = _(
    "If the fault was here and is mended, process it again. Otherwise leave it: its bytes stay"
    " until they are deleted by their age."
)
STEPS: dict[str, Any] = {  # by how the reason begins
    routing.ANOTHER_ACCOUNT: _(
        "Connect the number again, under the account that it belongs to now; then process this"
        " again."
    ),
    recording.NOT_RECORDED: _(
        "The code is the database's: look in the worker's log for the delivery's id. Process this"
        " again once the fault is mended."
    ),
    batches.NOT_PARSED: _(
        "The fault is in our own code: look in the worker's log for the delivery's id. Process this"
        " again once it is mended."
    ),
    leasing.NO_END: _(
        "It ended its process each time: look for what it died of, such as memory, before this is"
        " processed again."
    ),
}


@dataclass(frozen=True, slots=True)
class Aside:
    letter: DeadLetter

    @property
    def number(self) -> str:
        """Its place among the items, as people count; empty: the delivery as a whole."""
        position = self.letter.position
        return "" if position == WHOLE_DELIVERY else str(position + 1)

    @property
    def is_waiting(self) -> bool:
        return self.letter.cause == Cause.UNROUTABLE

    @property
    def step(self) -> str:
        return step_for(self.letter)

    @property
    def item(self) -> str:
        return self.letter.item[:ITEM_SHOWN]


def of(delivery: WebhookDelivery) -> tuple[list[Aside], bool]:
    """Return the first items that were set aside, and whether there are more."""
    letters = DeadLetter.objects.filter(delivery=delivery.id).order_by("position")
    found = [Aside(letter) for letter in letters[: SHOWN + 1]]
    return found[:SHOWN], len(found) > SHOWN


def step_for(letter: DeadLetter) -> str:
    """Return what to do about it, a sentence for an operator."""
    if letter.cause == Cause.UNROUTABLE:
        return str(CONNECT).format(number=letter.channel_external_id)
    found = (step for words, step in STEPS.items() if letter.reason.startswith(words))
    return str(next(found, MEND))
