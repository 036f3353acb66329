"""Webhooks of the benchmarks: who writes to whom."""

import itertools
import json
import time
from collections.abc import Iterator

FIRST_NUMBER = 700_000_000_000_000  # the phone number id of the first tenant's channel
PEOPLE = 10  # who write to each channel
ACCOUNT = "800000000000000"
_run = f"{time.time_ns():x}"
_numbers = itertools.count()


def message(channel: int, person: int, text: str = "Does it come in another color?") -> dict:
    return {
        "from": sender(channel, person),
        "id": f"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQ{_run}-{next(_numbers)}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }


def sender(channel: int, person: int) -> str:
    return f"4917{channel * PEOPLE + person:09}"


def body(channel: int, *messages: dict) -> bytes:
    """Return a webhook's body, as Meta's page "Text messages webhook reference" shows it."""
    number = str(FIRST_NUMBER + channel)
    people = sorted({each["from"] for each in messages})
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": f"1555{channel:07}", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Sheena Nelson"}, "wa_id": each} for each in people],
        "messages": messages,
    }
    return webhook(value)


def status_body(number: str, external_id: str, status: str) -> bytes:
    """Return a webhook's body with one status, as Meta's page "Status messages webhook reference"
    shows it.
    """
    told = {
        "id": external_id,
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": sender(0, 0),
        "pricing": {"billable": True, "pricing_model": "PMP", "category": "service"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550000000", "phone_number_id": number},
        "statuses": [told],
    }
    return webhook(value)


def webhook(value: dict) -> bytes:
    entry = {"id": ACCOUNT, "changes": [{"value": value, "field": "messages"}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def spread(count: int, channels: int) -> Iterator[bytes]:
    """Yield `count` webhooks of one message each, over so many channels in turn."""
    for n in range(count):
        yield body(n % channels, message(n % channels, n // channels % PEOPLE))


def crowd(count: int) -> Iterator[bytes]:
    """Yield `count` webhooks of one message each to the first channel, each by another person."""
    for n in range(count):
        yield body(0, message(0, n))


def large(count: int, each: int, text: str = "Hello") -> Iterator[bytes]:
    """Yield webhooks of `each` messages to the first channel, `count` messages together."""
    for begin in range(0, count, each):
        numbers = range(begin, min(begin + each, count))
        yield body(0, *(message(0, n % PEOPLE, text) for n in numbers))
