"""What everything that can be said has in common: how it is kept, read and listed. Knows no
provider and checks no limit.
"""

from abc import ABC, abstractmethod
from typing import Any

PREVIEW_LENGTH = 120


class Unsendable(ValueError):
    """A message that the provider would refuse; `faults` holds one sentence for each thing to
    correct.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class Content(ABC):
    """Something a business says, in words of no provider. `kind` is what a message's row keeps of
    it.
    """

    kind: str

    @property
    @abstractmethod
    def text(self) -> str:
        """What the receiver reads, one thing a line; empty where there is nothing to read."""

    @property
    def preview(self) -> str:
        """One line for lists, PREVIEW_LENGTH characters at most."""
        return one_line(self.text)


def one_line(text: str, label: str = "") -> str:
    """The text in one line, after its label if it has one."""
    words, label = " ".join(text.split()), " ".join(label.split())
    line = f"{label}: {words}" if label and words else label or words
    return line if len(line) <= PREVIEW_LENGTH else line[: PREVIEW_LENGTH - 1] + "…"


def lines(*texts: str) -> str:
    """Those that say something, one below the other."""
    return "\n".join(text for text in texts if text.strip())


Values = dict[str, Any]  # a JSON object that passes through as it is
