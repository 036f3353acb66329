"""Frame a request as its bytes arrive: find the end of the request head, the path, and the end of
the request body. Pure: nothing here uses a socket.

A malformed request counts as whole: gunicorn's own parser, which is strict, reads the same bytes
again and answers 400.
"""

import re
from collections.abc import Iterator

HEAD_BYTES = 64 * 1024
LINE_BYTES = 1024  # limit of a chunk-size line, extensions included
CHUNKS = 20_000  # limit for a body: each chunk costs gunicorn's parser more than its bytes do
SLICE_BYTES = 8 * 1024  # for each chunk gunicorn's parser copies what it holds of the body
CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,16}")
HEAD_END = b"\r\n\r\n"


class Refused(Exception):
    """A request that exceeds a limit. `status` is the HTTP status to answer with."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Incoming:
    """One request. Feed it bytes until it is whole; bytes behind its end belong to the next
    request.
    """

    def __init__(self) -> None:
        self.received = bytearray()
        self.head_end = -1
        self.end = -1
        self.path = b""
        self.expects_continue = False
        self.body_bytes = 0
        self.is_ambiguous = False  # the start of the next request is not certain
        self._chunks = 0
        self._next_chunk = -1  # offset of the next chunk-size line, with chunked encoding

    def feed(self, data: bytes) -> None:
        """Add received bytes. Raises Refused for a request head over HEAD_BYTES."""
        searched = max(0, len(self.received) - len(HEAD_END) + 1)
        self.received += data
        if self.head_end >= 0:
            return
        found = self.received.find(HEAD_END, searched)
        head_bytes = len(self.received) if found < 0 else found
        if head_bytes > HEAD_BYTES:
            raise Refused(431)
        if found >= 0:
            self.head_end = found + len(HEAD_END)
            self._read_head(bytes(self.received[:found]))

    @property
    def has_head(self) -> bool:
        return self.head_end >= 0

    def is_whole(self, at_most: int) -> bool:
        """Return whether the whole request has been received. Raises Refused as soon as its body is
        known to exceed `at_most` bytes or CHUNKS chunks.
        """
        if not self.has_head:
            return False
        if self.end < 0 and self._next_chunk >= 0:
            self._follow_chunks(at_most)
        elif self.end < 0:
            self.end = self.head_end + self.body_bytes
        if (
            self.body_bytes > at_most
            or self._chunks > CHUNKS
            or len(self.received) > 2 * (at_most + HEAD_BYTES)
        ):
            raise Refused(413)
        return 0 <= self.end <= len(self.received)

    def cut_off(self) -> None:
        """Take the bytes received so far for the whole request: the client has closed its side, or
        its chunked encoding is malformed.
        """
        self.end, self.is_ambiguous = len(self.received), True

    def parts(self) -> Iterator[bytes]:
        """Yield the head of a whole request, then its body in slices, unchanged."""
        yield bytes(self.received[: self.head_end])
        for begin in range(self.head_end, self.end, SLICE_BYTES):
            yield bytes(self.received[begin : min(begin + SLICE_BYTES, self.end)])

    def rest(self) -> bytes:
        """Return the bytes received behind a whole request."""
        return bytes(self.received[self.end :])

    def _read_head(self, head: bytes) -> None:
        first, *lines = head.split(b"\r\n")
        words = first.split(b" ")
        self.path = words[1].partition(b"?")[0] if len(words) > 1 else b""
        fields: dict[bytes, list[bytes]] = {}
        for line in lines:
            name, _, value = line.partition(b":")
            fields.setdefault(name.lower(), []).append(value.strip().lower())
        self.expects_continue = fields.get(b"expect") == [b"100-continue"]
        lengths = fields.get(b"content-length", [])
        if b"transfer-encoding" in fields:
            # proxies differ in how they read unusual chunked encoding: no keep-alive
            self._next_chunk, self.is_ambiguous = self.head_end, True
        elif len(lengths) == 1 and lengths[0].isdigit() and len(lengths[0]) < 20:
            self.body_bytes = int(lengths[0])
        else:
            self.is_ambiguous = bool(lengths)

    def _follow_chunks(self, at_most: int) -> None:
        while self.end < 0 and self._next_chunk < len(self.received):
            line_end = self.received.find(b"\r\n", self._next_chunk, self._next_chunk + LINE_BYTES)
            if line_end < 0:
                if len(self.received) - self._next_chunk >= LINE_BYTES:
                    self.cut_off()
                return
            size = CHUNK_SIZE.match(self.received, self._next_chunk, line_end)
            if size is None:
                self.cut_off()
            elif int(size[0], 16) == 0:
                self._follow_trailers(line_end)
                return
            else:
                self._chunks += 1
                self.body_bytes += int(size[0], 16)
                self._next_chunk = line_end + 2 + int(size[0], 16) + 2
            if self.body_bytes > at_most or self._chunks > CHUNKS:
                raise Refused(413)

    def _follow_trailers(self, last_size_end: int) -> None:
        found = self.received.find(HEAD_END, last_size_end)
        if found >= 0:
            self.end = found + len(HEAD_END)
        elif len(self.received) - last_size_end > HEAD_BYTES:
            raise Refused(431)
