"""Normalize a status of a webhook into our event. Pure.

Meta's page "Messages webhook reference: status": a status speaks of the delivery of a message,
unless its `type` says of what else, a payment or a call. What became of a payment says nothing of
the message that asked for it.
"""

from typing import Any

from channels_app.events import StatusUpdate
from whatsapp.errors import OF_A_NUMBER, meaning_of, sentence
from whatsapp.errors.codes import written
from whatsapp.json_values import Json, digits_or_text, inner, moment, text
from whatsapp.webhooks import person_ids
from whatsapp.webhooks.error_items import errors_of, words_of
from whatsapp.webhooks.profiles import Contacts

DELIVERY = {"", "message"}  # types of a status


def read_status(status: Json, value: Json, contacts: Contacts, **where: Any) -> StatusUpdate:
    is_delivery = subject_of(status) in DELIVERY
    went_wrong = what_failed(status) if is_delivery else what_went_wrong(status)
    return StatusUpdate(**told_of(status), **went_wrong, **where)


def read_anothers(status: Json, value: Json, contacts: Contacts, **where: Any) -> StatusUpdate:
    """Of a message that another responder sent: its failure asks for nothing that we do."""
    return StatusUpdate(**told_of(status), **what_went_wrong(status), **where)


def told_of(status: Json) -> Json:
    subject = subject_of(status)
    return {
        "external_id": status["id"],
        "status": status["status"]
        if subject in DELIVERY
        else word_about(subject, status["status"]),
        "reference": text(status.get("biz_opaque_callback_data")),
        "recipient_ids": person_ids.recipient(status),
        "participant": person_ids.participant(status),
        "pricing": inner(status, "pricing") or None,
        "conversation_origin": text(inner(inner(status, "conversation"), "origin").get("type")),
        "occurred_at": moment(status.get("timestamp")),
    }


def subject_of(status: Json) -> str:
    """What it speaks of; empty where it does not say."""
    kind = digits_or_text(status.get("type"))
    if kind is None:
        return ""
    return kind.strip().lower() if isinstance(kind, str) else "something else"


def word_about(subject: str, word: Any) -> Any:
    """ "payment failed": a word of its own, which moves no message. What is no word stays as it is,
    to be refused.
    """
    return f"{subject} {word}" if word and isinstance(word, str) else word


def what_failed(status: Json) -> Json:
    """What the first of a status's errors asks for."""
    error = next(iter(errors_of(status)), None)
    if error is None:
        return {}
    code, subcode = error.get("code"), error.get("error_subcode")
    meaning = meaning_of(code, subcode, meanings=OF_A_NUMBER)
    return {
        "error_code": written(code),
        "error": sentence(meaning, code, words_about(status, error)),
        "closes_window": meaning.closes_window,
        "opts_out": meaning.opts_out,
        "is_anothers": meaning.is_anothers,
        "parks": meaning.parks,
        "recovers_by": meaning.recovers_by,
    }


def words_about(status: Json, error: Json) -> str:
    """Meta's words without the person: they may become the reason of a parked channel."""
    words = words_of(error)
    for _, person in person_ids.recipient(status):
        words = words.replace(person, "[recipient]")
    return words


def what_went_wrong(status: Json) -> Json:
    """Meta's code and words of what is not the delivery of a message of ours: they ask for nothing
    that we do.
    """
    error = next(iter(errors_of(status)), {})
    return {"error_code": written(error.get("code")), "error": words_of(error)}
