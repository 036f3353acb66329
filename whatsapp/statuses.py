"""One status of a webhook as our event. Pure."""

from typing import Any

from channels_app.events import StatusUpdate
from whatsapp import people
from whatsapp.errors import meaning_of, sentence
from whatsapp.items import Json, inner, moment, objects, text


def read_status(status: Json, value: Json, contacts: list[Json], **where: Any) -> StatusUpdate:
    return StatusUpdate(
        external_id=status["id"],
        status=status["status"],
        reference=text(status.get("biz_opaque_callback_data")),
        recipient_ids=people.recipient(status),
        participant=text(status.get("recipient_participant_user_id") or status.get("recipient_participant_id")),
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
        "error": sentence(meaning, code, text(error.get("title") or error.get("message"))),
        "closes_window": meaning.closes_window,
        "opts_out": meaning.opts_out,
        "parks": meaning.parks,
    }
