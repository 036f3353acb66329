"""Statuses that nobody recorded: prices, groups, failures; body and events by what is
particular.
"""

from typing import Any

from channels_app.events import Event
from tests.support.whatsapp.expected import (
    DANA,
    DANA_BSUID,
    DANA_PARENT,
    OMAR,
    priced,
    refused,
    status,
    webhook,
)

Case = tuple[bytes, list[Event]]
AIM = "wamid.aim"
GROUP = "Y29ycHVzX2dyb3Vw"
UNKNOWN_CODE = (
    "Meta refused the message with a code of its own: look it up in Meta's list of error codes."
)
STOPPED = "The person has stopped marketing messages of this business. (Graph error 131050)"
TOKEN_DEAD = (
    "The access token no longer works: connect the channel again with a new one. (Graph error 190:"
    " Expired)"
)
PRICES = [
    ("regular", "marketing"),
    ("regular", "marketing_lite"),
    ("regular", "authentication-international"),
    ("free_customer_service", "utility"),
    ("free_entry_point", "referral_conversion"),
    ("free_group_customer_service", "group_service"),
]


ITEM = {"id": "wamid.out", "timestamp": "1790000000", "recipient_id": DANA[1]}
NUMBER_GONE = (
    "The phone number id is gone or cannot be reached: the number was removed at Meta, or the token"
    " cannot see it."
)


def one(word: str, *, told: dict[str, Any] | None = None, **more: Any) -> Case:
    """A webhook of one status to Dana, and its event. `more`: of the status; `told`: of the
    event.
    """
    item = {**ITEM, "status": word, **more}
    return webhook(contacts=[], statuses=[item]), [status("wamid.out", word, **(told or {}))]


def failed(refusal: Any, **told: Any) -> Case:
    return one("failed", errors=[refusal], told=told)


def about(subject: str, word: str, *, told: dict[str, Any] | None = None, **more: Any) -> Case:
    """A webhook of a status that does not speak of a message's delivery, and its event."""
    item = {**ITEM, "status": word, "type": subject, **more}
    return webhook(contacts=[], statuses=[item]), [
        status("wamid.out", f"{subject} {word}", **(told or {}))
    ]


def of_group(**participant: Any) -> dict[str, Any]:
    sent = {
        "id": "wamid.out",
        "status": "read",
        "timestamp": "1790000000",
        "recipient_id": GROUP,
        "recipient_type": "group",
    }
    return {**sent, **participant}


STATUSES = {
    **{
        f"priced {kind} {category}": one(
            "sent", pricing=priced(kind, category), told={"pricing": priced(kind, category)}
        )
        for kind, category in PRICES
    },
    "priced in the old way": one(
        "sent",
        pricing={"pricing_model": "CBP", "billable": False},
        told={"pricing": {"pricing_model": "CBP", "billable": False}},
    ),
    "price that is none": one("sent", pricing="free", conversation=7),
    "word of tomorrow": one("teleported"),
    "time that is none": one("sent", timestamp="soon", told={"occurred_at": None}),
    "recipient as a number": one("sent", recipient_id=int(DANA[1])),
    "recipient without a phone": one(
        "read",
        recipient_id=None,
        recipient_user_id=DANA_BSUID[1],
        recipient_parent_user_id=DANA_PARENT[1],
        told={"recipient_ids": (DANA_BSUID, DANA_PARENT)},
    ),
    "recipient unknown": one("sent", recipient_id=None, told={"recipient_ids": ()}),
    "participants of a group": (
        webhook(
            contacts=[],
            statuses=[
                of_group(recipient_participant_id=DANA[1]),
                of_group(recipient_participant_id=int(OMAR[1])),
                of_group(
                    recipient_participant_id=DANA[1], recipient_participant_user_id=DANA_BSUID[1]
                ),
                of_group(),
            ],
        ),
        [
            status("wamid.out", "read", recipient_ids=(), participant=each)
            for each in (DANA[1], OMAR[1], DANA_BSUID[1], "")
        ],
    ),
    "no word": (
        webhook(contacts=[], statuses=[{"id": "wamid.out"}]),
        [refused("The item is not built as Meta documents it (KeyError).")],
    ),
    "failed for one reason that is no list": one(
        "failed",
        errors={"code": " 131050 "},
        told={"error_code": "131050", "error": STOPPED, "opts_out": True},
    ),
    "failed for a number that is gone": failed(
        {"code": "100", "error_subcode": "33"},
        error_code="100",
        error=f"{NUMBER_GONE} (Graph error 100)",
        parks="needs_reauth",
        recovers_by="probe",
    ),
    **{
        f"of a message by the type {given!r}": one("failed", type=given)
        for given in (None, "", "message", " Message ")
    },
    **{
        f"{word} of a payment": about("payment", word)
        for word in ("failed", "pending", "captured", "read", "teleported")
    },
    "of a call": about("call", "RINGING"),
    "of what nobody knows": about("something else", "sent", type={"payment": True}),
    "of a number": about("7", "sent", type=7),
    "of a payment in other letters": about("payment", "failed", type=" PAYMENT "),
    "of something of a long name": (
        webhook(contacts=[], statuses=[{**ITEM, "status": "failed", "type": "x" * 100}]),
        [status("wamid.out", "x" * 64)],
    ),
    "errors of a payment ask for nothing": about(
        "payment",
        "failed",
        errors=[{"code": 190, "title": "Declined", "error_data": {"details": "By the bank."}}],
        told={"error_code": "190", "error": "Declined: By the bank."},
    ),
    **{
        f"payment whose word is {word!r}": (
            webhook(contacts=[], statuses=[{**ITEM, "type": "payment", "status": word}]),
            [refused("An identifier is missing or not a text.")],
        )
        for word in (None, "", ["failed"], True)
    },
    "failed without a reason": one("failed"),
    "failed for nothing": failed({}, error=UNKNOWN_CODE),
    "failed for a code of tomorrow": failed(
        {"code": 999_999, "title": "New.", "error_data": {"details": "Newer."}},
        error_code="999999",
        error=f"{UNKNOWN_CODE} (Graph error 999999: New: Newer.)",
    ),
    "failed for details alone": failed(
        {"code": 131050, "error_data": {"details": ""}},
        error_code="131050",
        error=STOPPED,
        opts_out=True,
    ),
    "failed for a dead token": failed(
        {"code": 190, "title": "Expired"},
        error_code="190",
        error=TOKEN_DEAD,
        parks="needs_reauth",
        recovers_by="check",
    ),
}

CASES: dict[str, Case] = STATUSES
