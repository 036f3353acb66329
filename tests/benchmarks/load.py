"""Webhooks of the benchmarks: who writes to whom, and clients that post them as fast as they are
answered.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import os
import time
from collections.abc import Iterator

FIRST_NUMBER = 700_000_000_000_000  # the phone number id of the first tenant's channel
PEOPLE = 10  # who write to each channel
ACCOUNT = "800000000000000"
_run = f"{time.time_ns():x}"
_numbers = itertools.count()


def message(channel: int, person: int) -> dict:
    return {
        "from": sender(channel, person),
        "id": f"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQ{_run}-{next(_numbers)}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": "Does it come in another color?"},
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


def large(count: int, each: int) -> Iterator[bytes]:
    """Yield webhooks of `each` messages to the first channel, `count` messages together."""
    for begin in range(0, count, each):
        yield body(0, *(message(0, n % PEOPLE) for n in range(begin, min(begin + each, count))))


async def post_all(port: int, posted: Iterator[bytes], *, clients: int) -> list[float]:
    """Post the webhooks with so many clients, each on a connection that it keeps. Returns how many
    seconds each took. Raises RuntimeError for an answer other than 200.
    """
    waits: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for each in posted:
            began = time.perf_counter()
            await exchange(reader, writer, each)
            waits.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return waits


async def post_steadily(
    port: int, bodies: list[bytes], *, per_second: int, connections: int = 16
) -> list[float]:
    """Post so many webhooks a second, however long each takes. Returns how many seconds each took
    from when it was to be posted. Raises RuntimeError for an answer other than 200.
    """
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(connections):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    began = time.perf_counter()

    async def post(content: bytes, due: float) -> float:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        reader, writer = await idle.get()
        await exchange(reader, writer, content)
        idle.put_nowait((reader, writer))
        return time.perf_counter() - due

    waits = await asyncio.gather(
        *(post(content, began + n / per_second) for n, content in enumerate(bodies))
    )
    while not idle.empty():
        idle.get_nowait()[1].close()
    return waits


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes
) -> None:
    """Post a webhook over a connection. Raises RuntimeError for an answer other than 200."""
    writer.write(request(content))
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())


def request(content: bytes) -> bytes:
    secret = os.environ["WHATSAPP_APP_SECRET"].partition(",")[0]
    signature = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    lines = [
        "POST /api/webhooks/whatsapp HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        f"X-Hub-Signature-256: sha256={signature}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content
