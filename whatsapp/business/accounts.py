"""The business accounts that a token sees, and their phone numbers."""

from dataclasses import dataclass

from channels_app.providers import SendError
from channels_app.storable import NAME_LENGTH, storable_text
from whatsapp.business.ids import is_node, node
from whatsapp.business.meanings import CONNECTED, CONNECTING
from whatsapp.errors import Meanings
from whatsapp.graph import client
from whatsapp.graph.pagination import pages_of
from whatsapp.json_values import Json, digits_or_text, inner, text

FIELDS = (
    "id,display_phone_number,verified_name,code_verification_status,quality_rating,throughput,"
    "status,platform_type"
)
LIMIT = "whatsapp_business_manager_messaging_limit"  # of the whole business portfolio
UNKNOWN_FIELD = ("100", "")  # code and subcode
PAGE_LENGTH = 100


@dataclass(frozen=True)
class Account:
    id: str
    name: str


@dataclass(frozen=True)
class Number:
    """Meta's words as they are; empty where Meta says nothing. `throughput`: its level. `limit`:
    how many people may be written to in a day outside of windows, as Meta writes it; None where it
    was not asked for or is not said.
    """

    id: str
    display_phone_number: str
    verified_name: str
    status: str
    platform_type: str
    code_verification_status: str
    quality_rating: str
    throughput: str
    limit: int | str | None


def business_account(waba_id: str, *, token: str) -> Account:
    found = client.call(
        "GET", node(waba_id), token=token, params={"fields": "id,name"}, meanings=CONNECTING
    )
    return Account(id=same(found, waba_id), name=words(found, "name"))


def numbers(waba_id: str, *, token: str) -> list[Number]:
    """All numbers of an account; one without an id could not be used, and is left out."""
    asked = {"limit": str(PAGE_LENGTH), "fields": FIELDS}
    path = f"{node(waba_id)}/phone_numbers"
    every = pages_of(path, what="phone numbers", params=asked, token=token, meanings=CONNECTING)
    return [read(each) for each in every if is_node(digits_or_text(each.get("id")))]


def number(
    phone_number_id: str, *, token: str, fields: str = FIELDS, meanings: Meanings = CONNECTING
) -> Number:
    found = client.call(
        "GET", node(phone_number_id), token=token, params={"fields": fields}, meanings=meanings
    )
    same(found, phone_number_id)
    return read(found)


def number_with_limit(phone_number_id: str, *, token: str) -> Number:
    """The number of a channel that is connected, with its messaging limit.

    One call; a second one, without the limit, where Meta does not know that field.
    """
    try:
        return number(phone_number_id, token=token, fields=f"{FIELDS},{LIMIT}", meanings=CONNECTED)
    except SendError as error:
        if (error.code, error.subcode) != UNKNOWN_FIELD:
            raise
    return number(phone_number_id, token=token, meanings=CONNECTED)


def read(number: Json) -> Number:
    return Number(
        id=str(number["id"]),
        display_phone_number=words(number, "display_phone_number"),
        verified_name=words(number, "verified_name"),
        status=words(number, "status"),
        platform_type=words(number, "platform_type"),
        code_verification_status=words(number, "code_verification_status"),
        quality_rating=words(number, "quality_rating"),
        throughput=words(inner(number, "throughput"), "level"),
        limit=limit_of(number),
    )


def limit_of(number: Json) -> int | str | None:
    limit = number.get(LIMIT)
    return limit if type(limit) is int else words(number, LIMIT) or None


def words(thing: Json, key: str) -> str:
    return storable_text(text(thing.get(key)), NAME_LENGTH)


def same(found: Json, asked: str) -> str:
    if digits_or_text(found.get("id")) != asked:
        raise SendError(
            "WhatsApp's answer is not about what was asked for.", then="unknown", http_status=200
        )
    return asked
