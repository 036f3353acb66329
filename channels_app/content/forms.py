"""A Flow: a form of several screens that opens from a button."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from channels_app.content.base import Values
from channels_app.content.interactive import Headed


@dataclass(frozen=True, kw_only=True)
class Flow(Headed):
    """Exactly one of `flow_id` and `flow_name` names it.

    `navigate` opens `screen` with `data`; `data_exchange` asks the Flow's own endpoint for its
    first screen. `token` comes back with the answers.
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
