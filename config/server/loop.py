"""The event loop: accept connections, watch each for one event at a time under a deadline, and
close them. Nothing here takes a thread.
"""

import errno
import resource
import selectors
import socket
import time
from collections.abc import Callable

from gunicorn.sock import ssl_context
from gunicorn.workers.gthread import ThreadWorker

from config.body_limits import TOO_LARGE
from config.server.connection import Connection
from config.server.lanes import Lanes
from config.server.waiting import Waiting

READ_SECONDS = 20  # for a whole request, from the accept, or from its first byte if kept alive
WRITE_SECONDS = 20  # for the rest of a response once its thread is done
LINGER_SECONDS = 2  # for the client to close first, so that no reset destroys the response
STOP_SECONDS = 3  # for requests still being read and responses still being sent at a shutdown
SPARE_FILES = 100  # descriptors beside connections: the database, logs, files that are served
RETRY = "Retry-After: 5"
REFUSALS = {
    400: ("400 Bad Request", "The request ended before it was complete.\n"),
    408: ("408 Request Timeout", "The request took too long to arrive.\n"),
    413: ("413 Content Too Large", f"{TOO_LARGE}\n"),
    431: ("431 Request Header Fields Too Large", "The request's head is too large.\n"),
    503: (
        "503 Service Unavailable",
        "Too many people are asking at this moment. Try again in a few seconds.\n",
    ),
}
OUT_OF_FILES = (errno.EMFILE, errno.ENFILE)


class Loop(ThreadWorker):
    """A worker's event loop. `tpool`: the lanes with their thread pools. `buffered`: bytes of all
    requests together that are held in memory.
    """

    tpool: Lanes
    alive: bool

    def init_process(self) -> None:
        self.most_connections = raise_file_limit(self.cfg.worker_connections)
        self.connections: set[Connection] = set()
        self.buffered = 0
        self.idle, self.reading = Waiting(self.cfg.keepalive), Waiting(READ_SECONDS)
        self.writing, self.lingering = Waiting(WRITE_SECONDS), Waiting(LINGER_SECONDS)
        self.tls = ssl_context(self.cfg) if self.cfg.is_ssl else None
        self.cfg.set("sendfile", False)  # responses go through Outgoing
        super().init_process()

    def get_thread_pool(self) -> Lanes:
        return Lanes(self.cfg.threads)

    def run(self) -> None:
        self.poller.register(
            self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks
        )
        while self.alive:
            self.set_accept_enabled(self.has_room())
            self.turn()
            if not self.is_parent_alive():
                self.alive = False
        self.set_accept_enabled(False)
        self.idle.shorten(LINGER_SECONDS)
        for waiting in (self.reading, self.writing):
            waiting.shorten(STOP_SECONDS)
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while self.connections and time.monotonic() < deadline:
            self.turn()
        self.end()

    def turn(self) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(timeout=1.0)
        for connection in self.reading.expired():
            self.give_up_reading(connection)
        for waiting in (self.idle, self.writing, self.lingering):
            for connection in waiting.expired():
                self.drop(connection)
        for lane in self.tpool:
            for connection in lane.expired():
                self.refuse(connection, 503)

    def give_up_reading(self, connection: Connection) -> None:
        """Answer 408, or close the connection if nothing was received: a browser connects ahead of
        time, and would take the 408 for the answer to its next request.
        """
        if connection.incoming.received:
            self.refuse(connection, 408)
        else:
            self.drop(connection)

    def end(self) -> None:
        for connection in list(self.connections):
            self.drop(connection)
        self.tpool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()
        for listener in self.sockets:
            listener.close()

    def has_room(self) -> bool:
        return len(self.connections) < self.most_connections or any(
            (self.lingering, self.idle, self.reading)
        )

    def accept(self, listener: socket.socket) -> None:
        """Accept one connection only, so that the other processes get their share of a burst.

        At the limit, first close the oldest that is lingering, idle or being read, in this order.
        """
        if len(self.connections) >= self.most_connections and not self.close_one_that_waits():
            return
        try:
            connected, client = listener.accept()
        except BlockingIOError:
            return
        except OSError as error:  # the client's or the system's fault: either is over in a moment
            if error.errno in OUT_OF_FILES:
                self.close_one_that_waits()
            return
        try:
            connection = Connection(self.secured(connected), client, listener.getsockname())
        except (OSError, ValueError):  # the client reset it before the TLS handshake
            connected.close()
            return
        self.connections.add(connection)
        self.reading.add(connection)
        self.watch(connection, selectors.EVENT_READ, self.read)
        self.read(connection)

    def secured(self, connected: socket.socket) -> socket.socket:
        """Return the socket, under TLS if gunicorn has a certificate. The first reads make the TLS
        handshake.
        """
        if self.tls is None:
            return connected
        return self.tls.wrap_socket(connected, server_side=True, do_handshake_on_connect=False)

    def close_one_that_waits(self) -> bool:
        for waiting in (self.lingering, self.idle, self.reading):
            if connection := waiting.oldest():
                self.drop(connection)
                return True
        return False

    def read(self, connection: Connection) -> None:
        """Read what has arrived of a request."""
        raise NotImplementedError

    def refuse(self, connection: Connection, status: int) -> None:
        self.unwatch(connection)
        try:
            connection.refuse(*REFUSALS[status], *([RETRY] if status == 503 else []))
        except OSError:
            self.drop(connection)
        else:
            self.linger(connection)

    def linger(self, connection: Connection) -> None:
        """Close our side and let the client close first: a reset would destroy a response that the
        client has not read yet.
        """
        connection.forget()
        self.count(connection)
        try:
            connection.connected.shutdown(socket.SHUT_WR)
        except OSError:
            self.drop(connection)
            return
        self.lingering.add(connection)
        self.watch(connection, selectors.EVENT_READ, self.discard)

    def discard(self, connection: Connection) -> None:
        try:
            if not connection.discard():
                self.drop(connection)
        except OSError:
            self.drop(connection)

    def drop(self, connection: Connection) -> None:
        self.unwatch(connection)
        connection.forget()
        self.count(connection)
        self.connections.discard(connection)
        connection.close()

    def watch(
        self, connection: Connection, events: int, then: Callable[[Connection], None]
    ) -> None:
        self.poller.register(connection.connected, events, lambda _: self.guard(then, connection))
        connection.is_watched = True

    def guard(self, then: Callable[..., None], connection: Connection, *more: object) -> None:
        """Call `then`; whatever exception it raises closes this connection and nothing else."""
        try:
            then(connection, *more)
        except Exception:
            self.log.exception("A connection was given up.")
            self.drop(connection)

    def unwatch(self, connection: Connection) -> None:
        """Stop watching the connection's socket, and remove its deadline."""
        if connection.is_watched:
            self.poller.unregister(connection.connected)
            connection.is_watched = False
        for waiting in (self.idle, self.reading, self.writing, self.lingering):
            waiting.remove(connection)

    def count(self, connection: Connection) -> None:
        held = len(connection.incoming.received)
        self.buffered += held - connection.counted
        connection.counted = held


def raise_file_limit(connections: int) -> int:
    """Raise the limit of open files as far as needed. Returns how many connections fit in it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return (
        connections
        if soft == resource.RLIM_INFINITY
        else max(1, min(connections, soft - SPARE_FILES))
    )
