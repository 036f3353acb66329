"""One status of a webhook as our event. Pure."""

from typing import Any

from channels_app.events import StatusUpdate
from whatsapp import people
from whatsapp.contact_list import Contacts
from whatsapp.errors import meaning_of, sentence
from whatsapp.items import Json, digits_or_text, inner, moment, objects, text


def read_status(status: Json, value: Json, contacts: Contacts, **where: Any) -> StatusUpdate:
    return StatusUpdate(
        external_id=status["id"],
        status=status["status"],
        reference=text(status.get("biz_opaque_callback_data")),
        recipient_ids=people.recipient(status),
        participant=text(digits_or_text(status.get("recipient_participant_user_id") or status.get("recipient_participant_id"))),
        pricing=inner(status, "pricing") or None,
        conversation_origin=text(inner(inner(status, "conversation"), "origin").get("type")),
        occurred_at=moment(status.get("timestamp")),
        **what_failed(status),
        **where,
    )


def what_failed(status: Json) -> Json:
    """What the first of a status's errors asks for."""
    error = next(iter(objects(status, "errors")), None)
    if error is None:
        return {}
    code, meaning = error.get("code"), meaning_of(error.get("code"))
    return {
        "error_code": "" if code is None else str(code)[:64],
        "error": sentence(meaning, code, words_of(error)),
        "closes_window": meaning.closes_window,
        "opts_out": meaning.opts_out,
        "parks": meaning.parks,
        "recovers_by": meaning.recovers_by,
    }


def words_of(error: Json) -> str:
    """Meta's title, and the details that some titles are nothing without."""
    title, details = text(error.get("title") or error.get("message")), text(inner(error, "error_data").get("details"))
    return f"{title.rstrip('.')}: {details}" if title and details and title != details else title or details
