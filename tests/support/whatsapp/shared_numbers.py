"""Made webhooks of a number that several responders share: handovers and standby."""

from typing import Any

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.whatsapp import bodies
from tests.support.whatsapp.expected import DIALLED

AT = 1_790_000_000
OURS = {"display_phone_number": DIALLED, "phone_number_id": ACME_NUMBER}


def handover(kind: str = "control_passed", **more: Any) -> dict[str, Any]:
    """The value of a change of `messaging_handovers`; `more` replaces its keys, None takes them
    off.
    """
    value = {
        "messaging_product": "whatsapp",
        "recipient": OURS,
        "sender": {"phone_number": ADA, "user_id": "SE.1001"},
        "timestamp": str(AT),
        "type": kind,
        kind: {"metadata": "Ada asks for a refund."},
        **more,
    }
    return {key: each for key, each in value.items() if each is not None}


def standby(**lists: Any) -> dict[str, Any]:
    """The value of a change of `standby` with these lists."""
    contacts = [{"profile": {"name": "Ada"}, "wa_id": ADA}]
    return {"messaging_product": "whatsapp", "metadata": OURS, "contacts": contacts, **lists}


def echo(body: str = "Hello from the desk", **more: Any) -> dict[str, Any]:
    """What another responder wrote to Ada."""
    return {**bodies.text(body, sender=DIALLED, at=AT), "to": ADA, **more}


def webhook(*changes: tuple[str, Any]) -> bytes:
    """A body of Acme's account; a change is its field and its value."""
    return bodies.webhook(*(bodies.change(ACME_ACCOUNT, field, value) for field, value in changes))
