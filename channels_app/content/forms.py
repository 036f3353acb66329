"""A Flow message: a button that opens a form of several screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from channels_app.content.base import Values
from channels_app.content.interactive import Headed


@dataclass(frozen=True, kw_only=True)
class Flow(Headed):
    """A Flow, identified by exactly one of `flow_id` and `flow_name`. `title` labels the button.

    `navigate` opens `screen` with `data`; `data_exchange` asks the Flow's own endpoint for the
    first screen. `token` is returned with the answers.
    """

    title: str
    flow_id: str = ""
    flow_name: str = ""
    token: str = ""
    is_draft: bool = False
    action: Literal["navigate", "data_exchange"] = "navigate"
    screen: str = ""
    data: Values | None = None

    @property
    def choices(self) -> Iterable[str]:
        return (self.title,)
