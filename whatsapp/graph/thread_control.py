"""Give a thread to another responder, give it up, or take it.

Meta's page "Thread control". About 500 such requests a minute are taken of an app. None is ever
repeated here: after a time-out nobody knows who has the thread until a webhook tells.
"""

from typing import Any

from channels_app.events.messages import NOTE_LENGTH
from channels_app.providers import SendError
from whatsapp.errors import OF_A_NUMBER
from whatsapp.graph import client

PASS, RELEASE, TAKE = "pass", "release", "take"
AI_AGENT = "ai_agent"  # the only role that Meta names as a target


def control(phone_number_id: str, action: str, *, token: str, to: str, note: str = "") -> None:
    """Raises SendError; its `then` is "unknown" where the order may have been carried out.

    `to`: a phone number, a wa_id or a BSUID. `note`: for the next owner.
    """
    if len(note) > NOTE_LENGTH:
        raise SendError(f"The note is longer than {NOTE_LENGTH:,} characters.", then="failed")
    order: dict[str, Any] = {
        "messaging_product": "whatsapp",
        **client.addressed(to),
        "action": action,
        **({"metadata": note} if note else {}),
        **({"control_pass": {"target_role": AI_AGENT}} if action == PASS else {}),
    }
    path = f"{phone_number_id}/thread_control"
    answer = client.call("POST", path, token=token, meanings=OF_A_NUMBER, json=order)
    client.confirm(answer, "change of who has the conversation")
