"""Clients of the benchmarks, each on a connection that it keeps: they post webhooks."""

import asyncio
import hashlib
import hmac
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from tests.benchmarks.graph import LENGTH

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(
    port: int, number: int, *, apart: float = 0.0
) -> AsyncIterator[list[Connection]]:
    """Open so many connections, one after another, with a pause between two."""
    opened: list[Connection] = []
    for _ in range(number):
        opened.append(await asyncio.open_connection("127.0.0.1", port))
        await asyncio.sleep(apart)
    try:
        yield opened
    finally:
        for _, writer in opened:
            writer.close()


async def post_all(connections: list[Connection], posted: Iterator[bytes]) -> list[float]:
    """Post the webhooks over the connections as fast as they are answered. Returns how many seconds
    each took. Raises RuntimeError for an answer other than 200.
    """
    waits: list[float] = []

    async def client(connection: Connection) -> None:
        for each in posted:
            began = time.perf_counter()
            await exchange(connection, each)
            waits.append(time.perf_counter() - began)

    await asyncio.gather(*map(client, connections))
    return waits


async def post_once(port: int, content: bytes) -> None:
    """Post a webhook over a connection of its own."""
    async with connected(port, 1) as connections:
        await post_all(connections, iter([content]))


async def post_steadily(
    port: int, bodies: list[bytes], *, per_second: int, connections: int = 16
) -> list[float]:
    """Post so many webhooks a second, however long each takes. Returns how many seconds each took
    from when it was to be posted. Raises RuntimeError for an answer other than 200.
    """
    idle: asyncio.Queue[Connection] = asyncio.Queue()

    async def post(content: bytes, due: float) -> float:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        connection = await idle.get()
        await exchange(connection, content)
        idle.put_nowait(connection)
        return time.perf_counter() - due

    async with connected(port, connections) as opened:
        for each in opened:
            idle.put_nowait(each)
        began = time.perf_counter()
        posts = (post(content, began + n / per_second) for n, content in enumerate(bodies))
        return await asyncio.gather(*posts)


async def exchange(connection: Connection, content: bytes) -> None:
    """Post a webhook and read the whole answer. Raises RuntimeError for another than 200."""
    reader, writer = connection
    writer.write(request(content))
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = LENGTH.search(head)
    await reader.readexactly(int(length[1]) if length else 0)


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
