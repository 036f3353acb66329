"""A number's messages and read receipts, as the Graph API takes them."""

from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route, failing, refusal

HANG_SECONDS = 60


def take(stand_in: Any, request: Request, phone_number_id: str) -> Answer | None:
    content = request.json()
    if isinstance(content, dict) and content.get("status") == "read" and content.get("message_id"):
        if stand_in.receipt_script:
            return failing(stand_in.receipt_script.popleft())
        stand_in.receipts.append({"phone_number_id": phone_number_id, **content})
        return Answer({"success": True})
    if not isinstance(content, dict) or not (content.get("to") or content.get("recipient")):
        return refusal(100)
    entry, step = stand_in.take(phone_number_id, request.token, content)
    stand_in.stopping.wait(step.get("delay", 0))
    if "code" in step or "http" in step:
        return failing(step)
    if step.get("then") == "hang":
        stand_in.stopping.wait(HANG_SECONDS)
    return None if "then" in step else accepted(content, entry["wamid"], step.get("wa_id"))


def accepted(message: dict[str, Any], wamid: str, wa_id: str | None) -> Answer:
    """`wa_id`: what the number that was dialled is known by, if not by itself."""
    to = message.get("to") or message.get("recipient")
    contact = {"input": to, **({"wa_id": wa_id or to} if "to" in message else {"user_id": to})}
    return Answer(
        {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}
    )


ROUTES = (Route("POST", "/([^/]+)/messages", take),)
