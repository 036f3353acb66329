"""Clients of the benchmarks, each on a connection that it keeps: they post webhooks."""

import asyncio
import hashlib
import hmac
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from tests.benchmarks.graph import LENGTH


class Connection:
    """A connection that is kept, and opened anew where the server closed it for want of work."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def exchange(self, content: bytes) -> None:
        """Post a webhook and read the whole answer. Raises RuntimeError for another than 200."""
        if self.reader.at_eof():
            self.writer.close()
            await self.open()
        self.writer.write(request(content))
        head = await self.reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = LENGTH.search(head)
        await self.reader.readexactly(int(length[1]) if length else 0)


@asynccontextmanager
async def connected(
    port: int, number: int, *, apart: float = 0.0
) -> AsyncIterator[list[Connection]]:
    """Open so many connections, one after another, with a pause between two."""
    opened = [Connection(port) for _ in range(number)]
    for each in opened:
        await each.open()
        await asyncio.sleep(apart)
    try:
        yield opened
    finally:
        for each in opened:
            each.writer.close()


async def post_all(connections: list[Connection], posted: Iterator[bytes]) -> list[float]:
    """Post the webhooks over the connections as fast as they are answered. Returns how many seconds
    each took. Raises RuntimeError for an answer other than 200.
    """
    waits: list[float] = []

    async def client(connection: Connection) -> None:
        for each in posted:
            began = time.perf_counter()
            await connection.exchange(each)
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
        await connection.exchange(content)
        idle.put_nowait(connection)
        return time.perf_counter() - due

    async with connected(port, connections) as opened:
        for each in opened:
            idle.put_nowait(each)
        began = time.perf_counter()
        posts = (post(content, began + n / per_second) for n, content in enumerate(bodies))
        return await asyncio.gather(*posts)


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
