"""Connections that wait for the same event, each with a deadline, the oldest first."""

import time
from collections.abc import Iterator

from config.server.connection import Connection


class Waiting:
    """Connections with their deadlines, `seconds` after they were added (time.monotonic())."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.until: dict[Connection, float] = {}

    def add(self, connection: Connection) -> None:
        self.until[connection] = time.monotonic() + self.seconds

    def remove(self, connection: Connection) -> bool:
        """Remove the connection. Returns False if it was not waiting."""
        return self.until.pop(connection, None) is not None

    def shorten(self, seconds: float) -> None:
        """Let no connection wait longer than `seconds` from now on."""
        self.seconds = min(self.seconds, seconds)
        latest = time.monotonic() + seconds
        self.until = {connection: min(until, latest) for connection, until in self.until.items()}

    def expired(self) -> list[Connection]:
        now, gone = time.monotonic(), []
        for connection, until in self.until.items():
            if until > now:
                break
            gone.append(connection)
        return gone

    def oldest(self) -> Connection | None:
        return next(iter(self.until), None)

    def __contains__(self, connection: Connection) -> bool:
        return connection in self.until

    def __len__(self) -> int:
        return len(self.until)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self.until)
