"""The gunicorn worker: the event loop reads whole requests, the threads of a lane answer them, and
the event loop sends the responses.

A thread handles a request as in gunicorn's threaded worker. Reading, writing and closing are
replaced: there, a client that sends half a request head, reads slowly or does not close its side
blocks a thread, or the event loop itself.
"""

import selectors
from concurrent.futures import Future
from functools import partial

from gunicorn import http

from config.server.connection import Connection
from config.server.incoming import Refused
from config.server.loop import Loop

SMALL_BYTES = 64 * 1024  # a request up to this size is never refused for want of memory
BUFFERED_BYTES = 64 * 1024 * 1024  # of all requests together that are held in memory


class BufferedWorker(Loop):
    def read(self, connection: Connection) -> None:
        if connection not in self.idle and connection not in self.reading:
            return  # the connection was refused a moment ago: what arrives now is no request
        try:
            connection.receive()
            while connection.holds_more():
                connection.receive()
            self.count(connection)
            self.advance(connection)
        except Refused as refused:
            self.refuse(connection, refused.status)
        except OSError:
            self.drop(connection)

    def advance(self, connection: Connection) -> None:
        """Hand the request to its lane once it is whole, or refuse it."""
        incoming = connection.incoming
        if incoming.received and self.idle.remove(connection):
            self.reading.add(connection)
        if not incoming.has_head:
            if connection.has_ended:
                self.drop(connection)
            return
        connection.place = self.tpool.place_of(incoming.path)
        if connection.has_ended and connection.place.explains:
            self.refuse(connection, 400)  # a form that was cut off must not count as whole
        elif not incoming.is_whole(connection.place.body_bytes):
            connection.tell_to_go_on()
            self.make_room()
        else:
            self.unwatch(connection)
            if not connection.place.lane.put(connection, self.begin):
                self.refuse(connection, 503)

    def make_room(self) -> None:
        """Refuse large requests that are still being read, the oldest first, while all requests
        together exceed BUFFERED_BYTES.
        """
        if self.buffered <= BUFFERED_BYTES:
            return
        large = [each for each in self.reading if each.counted > SMALL_BYTES]
        for connection in large:
            if self.buffered > BUFFERED_BYTES:
                self.refuse(connection, 503)

    def begin(self, connection: Connection) -> None:
        answered = connection.place.lane.pool.submit(self.handle, connection)
        finish = partial(self.guard, self.finish_request, connection)
        answered.add_done_callback(lambda done: self.method_queue.defer(finish, done))

    def handle(self, connection: Connection) -> bool:
        """Answer a whole request, in a thread. Returns whether to keep the connection alive."""
        request = None
        try:
            request = next(
                http.get_parser(self.cfg, connection.incoming.parts(), connection.client)
            )
            request._expected_100_continue = False  # the event loop sends 100 Continue
            is_kept = self.handle_request(request, connection)
            connection.sock.flush()
            return is_kept and not (connection.incoming.is_ambiguous or connection.sock.is_broken)
        except (StopIteration, http.errors.NoMoreData):
            self.log.debug("A connection ended before its response.")
        except Exception as error:
            self.fail(request, connection, error)
        return False

    def fail(self, request: http.Request | None, connection: Connection, error: Exception) -> None:
        """Answer with an error page. A response that has begun is broken off instead: the closed
        connection tells the client.
        """
        if not connection.sock.has_begun:
            self.handle_error(request, connection.sock, connection.client, error)
            return
        connection.sock.is_broken = True
        if not isinstance(error, ConnectionError | TimeoutError):  # the client's fault
            self.log.exception("A response ended in its middle.")

    def finish_request(self, connection: Connection, answered: Future[bool]) -> None:
        connection.place.lane.finish(self.begin)
        connection.is_kept = (
            answered.exception() is None and answered.result() and not connection.has_ended
        )
        if connection.sock.kept and not connection.sock.is_broken:
            self.writing.add(connection)
            self.watch(connection, selectors.EVENT_WRITE, self.write)
            self.write(connection)
        else:
            self.go_on(connection)

    def write(self, connection: Connection) -> None:
        try:
            connection.sock.flush()
        except OSError:
            self.drop(connection)
            return
        if not connection.sock.kept:
            self.unwatch(connection)
            self.go_on(connection)

    def go_on(self, connection: Connection) -> None:
        """Keep the connection for its next request, or close it, once the response is sent."""
        if not connection.is_kept:
            self.linger(connection)
            return
        try:
            connection.begin_next()
            self.count(connection)
            self.idle.add(connection)
            self.watch(connection, selectors.EVENT_READ, self.read)
            self.advance(connection)
        except Refused as refused:
            self.refuse(connection, refused.status)
        except OSError:
            self.drop(connection)
