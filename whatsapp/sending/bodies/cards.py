"""Contact cards in Meta's words."""

from collections.abc import Callable, Iterable
from typing import Any

from channels_app.content import (
    CardAddress,
    CardCompany,
    CardEmail,
    CardName,
    CardPhone,
    CardUrl,
    ContactCard,
    ContactCards,
)
from whatsapp.json_values import Json
from whatsapp.sending.limits import CONTACTS, NAME, Check, present


def contacts(content: ContactCards, check: Check) -> Json:
    check.count("contact cards", len(content.cards), CONTACTS)
    return {
        "type": "contacts",
        "contacts": [
            card(each, f"contact card {n}", check) for n, each in enumerate(content.cards, 1)
        ],
    }


def card(content: ContactCard, where: str, check: Check) -> Json:
    def numbered(
        noun: str, items: Iterable[Any], build: Callable[[Any, str, Check], Json]
    ) -> list[Json]:
        return [build(each, f"{noun} {n} of {where}", check) for n, each in enumerate(items, 1)]

    return present(
        name=name(content.name, where, check),
        phones=numbered("phone number", content.phones, phone),
        emails=numbered("email address", content.emails, email),
        addresses=numbered("address", content.addresses, address),
        urls=numbered("URL", content.urls, url),
        org=content.company and company(content.company, where, check),
        birthday=content.birthday and content.birthday.isoformat(),
    )


def name(content: CardName, where: str, check: Check) -> Json:
    parts = {
        "first_name": content.first,
        "middle_name": content.middle,
        "last_name": content.last,
        "prefix": content.prefix,
        "suffix": content.suffix,
    }
    return {
        "formatted_name": check.words(f"The name of {where}", content.formatted, NAME),
        **texts(parts, where, check),
    }


def phone(content: CardPhone, where: str, check: Check) -> Json:
    more = texts({"wa_id": content.external_id, "type": content.label.upper()}, where, check)
    return {"phone": check.words(where, content.number, NAME), **more}


def email(content: CardEmail, where: str, check: Check) -> Json:
    more = texts({"type": content.label.upper()}, where, check)
    return {"email": check.words(where, content.address, NAME), **more}


def url(content: CardUrl, where: str, check: Check) -> Json:
    more = texts({"type": content.label.upper()}, where, check)
    return {"url": check.words(where, content.url, NAME), **more}


def address(content: CardAddress, where: str, check: Check) -> Json:
    parts = {
        "street": content.street,
        "city": content.city,
        "state": content.state,
        "zip": content.zip,
        "country": content.country,
        "country_code": content.country_code,
        "type": content.label.upper(),
    }
    return texts(parts, where, check)


def company(content: CardCompany, where: str, check: Check) -> Json:
    parts = {"company": content.name, "department": content.department, "title": content.title}
    return texts(parts, f"the company of {where}", check)


def texts(parts: dict[str, str], where: str, check: Check) -> Json:
    """Those of the optional texts that are there."""
    return present(
        **{
            key: check.optional(f"The {key} of {where}", value, NAME)
            for key, value in parts.items()
        }
    )
