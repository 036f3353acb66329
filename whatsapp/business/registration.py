"""Register a number with the Cloud API under its PIN, and deregister it."""

import re

from channels_app.providers import SendError
from whatsapp.business.ids import node
from whatsapp.business.meanings import CONNECTING
from whatsapp.graph import client

PIN = re.compile(r"[0-9]{6}")


def is_pin(text: str) -> bool:
    return PIN.fullmatch(text) is not None


def register(phone_number_id: str, *, token: str, pin: str) -> None:
    """Repeating it with the same PIN is harmless."""
    if not is_pin(pin):
        raise SendError("The PIN must have six digits.", then="failed")
    body = {"messaging_product": "whatsapp", "pin": pin}
    answer = client.call(
        "POST", f"{node(phone_number_id)}/register", token=token, json=body, meanings=CONNECTING
    )
    client.confirm(answer, "registration")


def deregister(phone_number_id: str, *, token: str) -> None:
    answer = client.call(
        "POST", f"{node(phone_number_id)}/deregister", token=token, meanings=CONNECTING
    )
    client.confirm(answer, "end of the registration")
