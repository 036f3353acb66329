"""Our orders about threads, and our roles, on a number that has a second responder."""

from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route, failing, refusal
from whatsapp.stand_in.scripted import scripted

NOTE_LENGTH = 2000


def order(stand_in: Any, request: Request, phone_number_id: str) -> Answer:
    content = request.json()
    with stand_in.lock:
        stand_in.thread_orders.append({"phone_number_id": phone_number_id, **content})
    shared = stand_in.responders.get(phone_number_id)
    person = content.get("to") or content.get("recipient")
    if shared is None or not person or not is_well_formed(content):
        return refusal(100)
    step = shared.order_of_ours(content["action"], person)
    return failing(step) if step else Answer({"success": True})


def is_well_formed(content: dict[str, Any]) -> bool:
    note, target = content.get("metadata", ""), content.get("control_pass")
    wanted = {"target_role": "ai_agent"} if content.get("action") == "pass" else None
    return (
        content.get("messaging_product") == "whatsapp"
        and content.get("action") in {"pass", "release", "take"}
        and isinstance(note, str)
        and len(note) <= NOTE_LENGTH
        and target == wanted
    )


def roles(stand_in: Any, request: Request, phone_number_id: str) -> Answer:
    """Meta's page "Routing roles" names both keys; the address and the roles' names are ours."""
    shared = stand_in.responders.get(phone_number_id)
    if shared is None:
        return Answer({"roles": ["primary"], "is_standby": False})
    return Answer({"roles": shared.roles_of_us(), "is_standby": shared.we_listen})


ROUTES = (
    Route("POST", "/([^/]+)/thread_control", scripted("thread_control", order)),
    Route("GET", "/([^/]+)/routing_roles", scripted("routing_roles", roles)),
)
