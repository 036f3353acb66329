"""The base class of all content: its kind, its text and its preview. Content knows no provider
and checks no limit.
"""

from abc import ABC, abstractmethod
from typing import Any

PREVIEW_LENGTH = 120


class Content(ABC):
    """The content of an outbound message, independent of any provider. `kind` is stored in the
    message's row.
    """

    kind: str

    @property
    @abstractmethod
    def text(self) -> str:
        """The text that the recipient reads, one item per line; empty if there is none."""

    @property
    def preview(self) -> str:
        """One line for lists, at most PREVIEW_LENGTH characters long."""
        return one_line(self.text)


def one_line(text: str, label: str = "") -> str:
    """Return the label, if any, and the text on one line, cut off at PREVIEW_LENGTH characters."""
    words, label = " ".join(text.split()), " ".join(label.split())
    line = f"{label}: {words}" if label and words else label or words
    return line if len(line) <= PREVIEW_LENGTH else line[: PREVIEW_LENGTH - 1] + "…"


def lines(*texts: str) -> str:
    """Join the non-empty texts with newlines."""
    return "\n".join(text for text in texts if text.strip())


Values = dict[str, Any]  # a JSON object that is sent unchanged
