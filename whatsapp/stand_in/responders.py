"""A second responder on one of our numbers, and who has which thread. No HTTP here.

Meta's page "Conversation Routing": a thread has at most one owner, the primary responder of an
entry point gets the threads that nobody has, the escalation partner alone may take one, and 24
hours without a message of the person end it. What Meta does not say is decided so: a message on a
thread that nobody has changes no owner, and only who has a thread passes or releases it.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from whatsapp.json_values import Json
from whatsapp.stand_in import responder_webhooks as webhooks
from whatsapp.stand_in.reports import envelope
from whatsapp.stand_in.threads import NOBODY, OTHER, US, NotTheirs, Threads

CHAT = "chat"  # an entry point
REFUSED: Json = {"code": 100, "subcode": 2494191}
ROLE_OF_US, ROLE_OF_OTHER = "partner", "ai_agent"
ACTIONS = ("person_writes", "writes", "passes", "takes", "releases", "goes_idle")


@dataclass(kw_only=True)
class SecondResponder(Threads):
    """`primary`: who gets what people write first, by entry point; of any other, the second
    responder. `escalation`: who may take a thread. `we_listen`: whether we see threads that are not
    ours. `told`: every webhook that went to us.

    Each of ACTIONS returns the webhooks that go to us because of it, and tells us them. `fields`:
    those that our app is subscribed to; of others nothing is told.
    """

    phone_number_id: str
    account_id: str
    tell: Callable[[bytes], None]
    fields: Callable[[], Container[str]]
    primary: Mapping[str, str] = field(default_factory=dict)
    escalation: str = OTHER
    we_listen: bool = True
    told: list[bytes] = field(default_factory=list)

    def person_writes(
        self, person: str, text: str = "Hello", *, entry_point: str = CHAT
    ) -> list[bytes]:
        thread = self.thread(person)
        if thread.owner == NOBODY:
            thread.owner = self.primary.get(entry_point, OTHER)
        thread.heard_at = self.clock()
        said = webhooks.said(person, text, self.now())
        field = "messages" if thread.owner == US else "standby"
        return self.tell_us(field, self.value(person, messages=[said]))

    def writes(self, person: str, text: str = "How can I help?") -> list[bytes]:
        """A service message of the second responder, with what becomes of it."""
        taken = self.takes(person) if self.owner_of(person) == US else []
        echo = webhooks.echoed(person, text, self.now())
        told = self.tell_us("standby", self.value(person, message_echoes=[echo]))
        for word in ("sent", "delivered"):
            status = webhooks.status(echo["id"], person, word, self.now())
            told += self.tell_us("standby", self.value(person, statuses=[status]))
        return taken + told

    def passes(self, person: str, note: str = "") -> list[bytes]:
        self.give(person, to=US, by=OTHER)
        return self.hand_over(person, "control_passed", note, ROLE_OF_OTHER, ROLE_OF_US)

    def takes(self, person: str, note: str = "") -> list[bytes]:
        """Told to the previous owner, if that was us."""
        if self.escalation != OTHER:
            raise NotTheirs("Only the escalation partner takes a thread.")
        was_ours = self.owner_of(person) == US
        self.own(person, OTHER)
        roles = ROLE_OF_US, ROLE_OF_OTHER
        return self.hand_over(person, "control_taken", note, *roles) if was_ours else []

    def releases(self, person: str) -> list[bytes]:
        """Nobody is told: who answers next is decided when the person writes."""
        self.give(person, to=NOBODY, by=OTHER)
        return []

    def goes_idle(self, person: str) -> list[bytes]:
        """As if the person had not written for 24 hours."""
        self.thread(person).owner = NOBODY
        return []

    def step_of_ours(self, person: str, *, takes: bool) -> Json:
        """How a message of ours goes; one that takes the thread does so if we may."""
        if not takes or self.owner_of(person) != OTHER:
            return {}
        return self.order_of_ours("take", person)

    def order_of_ours(self, action: str, person: str) -> Json:
        """Carry out an order of ours; the step that refuses it, if we may not give it."""
        if action == "take":
            if self.escalation != US:
                return REFUSED
            self.own(person, US)
            return {}
        try:
            self.give(person, to=OTHER if action == "pass" else NOBODY, by=US)
        except NotTheirs:
            return REFUSED
        return {}

    def roles_of_us(self) -> list[str]:
        """As the Routing Roles API names them, as far as that is known."""
        is_primary = US in self.primary.values()
        roles = {"primary": is_primary, "escalation_partner": self.escalation == US}
        return [role for role, is_ours in roles.items() if is_ours]

    def hand_over(self, person: str, kind: str, note: str, before: str, now: str) -> list[bytes]:
        told = {"metadata": note, "previous_owner_role": before, "new_owner_role": now}
        value = webhooks.handover(self.phone_number_id, person, kind, self.now(), **told)
        return self.tell_us("messaging_handovers", value)

    def value(self, person: str, **lists: list[Json]) -> Json:
        return webhooks.value(self.phone_number_id, person, **lists)

    def now(self) -> int:
        return int(self.clock())

    def tell_us(self, field: str, value: Json) -> list[bytes]:
        if field not in self.fields() or (field == "standby" and not self.we_listen):
            return []
        body = envelope(self.account_id, value, field)
        self.told.append(body)
        self.tell(body)
        return [body]

    def state(self) -> dict[str, Any]:
        owners = {person: self.owner_of(person) for person in self.threads}
        return {
            "primary": dict(self.primary),
            "escalation": self.escalation,
            "we_listen": self.we_listen,
            "owners": owners,
        }
