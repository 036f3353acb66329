"""Servers of bytes: each connection is answered as a test writes it."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that handles each connection with `serve`; its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def receive(connection: socket.socket) -> None:
    """One whole request: its head and its body may come apart."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    while len(body) < int(length[1] if length else 0):
        body += connection.recv(65536)


def answering(content: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        with connection:
            receive(connection)
            if content:
                connection.sendall(content)

    return serve


def hang(connection: socket.socket) -> None:
    receive(connection)
    threading.Event().wait(3)
    connection.close()


def http(status: str, content: bytes, headers: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n{headers}\r\n".encode() + content
    )
