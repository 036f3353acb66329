"""A multipart form with one file, read while it is sent: the file is never in memory whole."""

import os
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from urllib3.filepost import choose_boundary, encode_multipart_formdata

PIECE_BYTES = 64 * 1024


class FileForm:
    """The bytes of a multipart/form-data body, which `headers` goes with. The file, of `size`
    bytes, is its field `file`.
    """

    def __init__(
        self, file: BinaryIO, size: int, *, fields: Mapping[str, str], mime_type: str, filename: str
    ) -> None:
        self.file, self.size = file, size
        boundary = choose_boundary()
        without_file, content_type = encode_multipart_formdata(
            [*fields.items(), ("file", (filename, b"", mime_type))], boundary
        )
        self.tail = f"\r\n--{boundary}--\r\n".encode()
        self.head = without_file.removesuffix(self.tail)
        self.headers = {"Content-Type": content_type}

    def __len__(self) -> int:
        return len(self.head) + self.size + len(self.tail)

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(0, os.SEEK_SET)
        yield self.head
        while piece := self.file.read(PIECE_BYTES):
            yield piece
        yield self.tail
