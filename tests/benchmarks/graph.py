"""A Graph API that accepts every message after a while, and notes when each came."""

import asyncio
import json
import re
import threading
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
NUMBER = re.compile(rb"/(\d+)/messages ")


class Graph:
    """A server in a thread. `came`: the time (time.perf_counter) at which the first POST to each
    recipient began. `accepted`: the number that each message left by, and its id.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.came, self.count = seconds, dict[str, float](), 0
        self.name = f"{time.time_ns():x}"
        self.accepted: deque[tuple[str, str]] = deque()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self.wait(asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=256))
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                now, length, number = time.perf_counter(), LENGTH.search(head), NUMBER.search(head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                self.came.setdefault(json.loads(body).get("to", ""), now)
                await asyncio.sleep(self.seconds)
                writer.write(self.answer(number[1].decode() if number else ""))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            writer.close()

    def answer(self, number: str) -> bytes:
        self.count += 1
        external_id = f"wamid.{self.name}-{self.count}"
        self.accepted.append((number, external_id))
        body = json.dumps({"messages": [{"id": external_id}]}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%b\r\n\r\n%b" % (
            b"Content-Length: %d" % len(body),
            body,
        )
