"""Pictures that an authenticator app reads, as the one path of an SVG: it needs no style and no
markup of ours that is not escaped.
"""

from dataclasses import dataclass

from qrcode.main import QRCode


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code. `size`: of its sides, in modules; `path`: its dark ones."""

    size: int
    path: str


def picture_of(text: str) -> Picture:
    code = QRCode()
    code.add_data(text)
    rows = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Picture(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
