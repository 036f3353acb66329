"""Look-ups of host names that are answered by the test."""

import socket
from typing import Any

import pytest

REAL_LOOK_UP = socket.getaddrinfo


def answer(monkeypatch: pytest.MonkeyPatch, host: str, *answers: list[str]) -> list[str]:
    """Answer look-ups of `host` with one list of addresses after another, the last one again and
    again; numbers are looked up as ever. Returns the list that each look-up is added to.
    """
    looked_up: list[str] = []

    def look_up(name: Any, port: Any, *args: Any, **kwargs: Any) -> list[tuple]:
        if name != host:
            return REAL_LOOK_UP(name, port, *args, **kwargs)
        looked_up.append(name)
        found = answers[min(len(looked_up), len(answers)) - 1]
        return [
            entry
            for address in found
            for entry in REAL_LOOK_UP(address, port, type=socket.SOCK_STREAM)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return looked_up
