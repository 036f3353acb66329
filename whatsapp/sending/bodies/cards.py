"""Contact cards in Meta's words."""

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

Parts = dict[str, tuple[str, str]]  # Meta's key: where the text stands in ours, and the text


def contacts(content: ContactCards, check: Check) -> Json:
    check.at("/cards").count("contact cards", len(content.cards), CONTACTS)
    cards = check.each("/cards", "contact card", content.cards)
    return {"type": "contacts", "contacts": [card(*each) for each in cards]}


def card(content: ContactCard, check: Check) -> Json:
    phones = check.each("/phones", "phone number", content.phones)
    emails = check.each("/emails", "email address", content.emails)
    addresses = check.each("/addresses", "address", content.addresses)
    urls = check.each("/urls", "URL", content.urls)
    return present(
        name=name(content.name, check.at("/name")),
        phones=[phone(*each) for each in phones],
        emails=[email(*each) for each in emails],
        addresses=[address(*each) for each in addresses],
        urls=[url(*each) for each in urls],
        org=content.company and company(content.company, check.at("/company", "the company")),
        birthday=content.birthday and content.birthday.isoformat(),
    )


def name(content: CardName, check: Check) -> Json:
    parts = {
        "first_name": ("/first", content.first),
        "middle_name": ("/middle", content.middle),
        "last_name": ("/last", content.last),
        "prefix": ("/prefix", content.prefix),
        "suffix": ("/suffix", content.suffix),
    }
    formatted = check.at("/formatted", "the name").words(content.formatted, NAME)
    return {"formatted_name": formatted, **texts(parts, check)}


def phone(content: CardPhone, check: Check) -> Json:
    parts = {"wa_id": ("/external_id", content.external_id), **label(content.label)}
    more = texts(parts, check)
    return {"phone": check.at("/number").words(content.number, NAME), **more}


def email(content: CardEmail, check: Check) -> Json:
    more = texts(label(content.label), check)
    return {"email": check.at("/address").words(content.address, NAME), **more}


def url(content: CardUrl, check: Check) -> Json:
    more = texts(label(content.label), check)
    return {"url": check.at("/url").words(content.url, NAME), **more}


def address(content: CardAddress, check: Check) -> Json:
    parts = {
        "street": ("/street", content.street),
        "city": ("/city", content.city),
        "state": ("/state", content.state),
        "zip": ("/zip", content.zip),
        "country": ("/country", content.country),
        "country_code": ("/country_code", content.country_code),
        **label(content.label),
    }
    return texts(parts, check)


def company(content: CardCompany, check: Check) -> Json:
    parts = {
        "company": ("/name", content.name),
        "department": ("/department", content.department),
        "title": ("/title", content.title),
    }
    return texts(parts, check)


def label(word: str) -> Parts:
    return {"type": ("/label", word.upper())}


def texts(parts: Parts, check: Check) -> Json:
    """Those of the optional texts that are there."""
    return present(
        **{
            key: check.at(pointer, f"the {key}").optional(value, NAME)
            for key, (pointer, value) in parts.items()
        }
    )
