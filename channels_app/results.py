"""Results that a provider returns: an accepted message, a file, a listed template and what fills it
in, a channel's examination.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels_app.events import ContactEvent
from channels_app.storable import storable_id, storable_json


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """An accepted message. `recipient`: the ids that the provider reported for its recipient, where
    it knows them by another id.
    """

    external_id: str
    recipient: ContactEvent | None = None


@dataclass(frozen=True, kw_only=True)
class ListedTemplate:
    """A message template as its provider lists it. `components`: its parts, each with its `type`,
    as the provider builds them.

    Raises Unstorable if a value cannot be stored.
    """

    external_id: str
    name: str
    language: str
    category: str = ""
    status: str = ""
    quality: str = ""
    rejected_reason: str = ""
    parameter_format: str = ""
    components: list[dict[str, Any]]

    def __post_init__(self) -> None:
        for value in (self.external_id, self.name, self.language):
            storable_id(value)
        object.__setattr__(self, "components", storable_json(self.components))


@dataclass(frozen=True, kw_only=True)
class TemplateParameter:
    """Something that a template's sender is to fill in.

    `component`: header, body, button, offer_end or card; `card` and `index`: of which card and
    which button, from 0; `button`: the button's kind (content.ButtonKind). `name`: the gap's number
    or name. `kind`: what fills it: text, payload or code (a text each), image, video, document,
    location or product (an object), action (its values), date_time; "empty": nothing, and the card
    is there all the same. `pointer` (RFC 6901): where it goes in the content that has every
    parameter; what is not required, and not filled in, is left away with its component.
    """

    component: str
    kind: str
    pointer: str
    card: int | None = None
    index: int | None = None
    button: str = ""
    name: str = ""
    is_required: bool = True
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class HealthReport:
    """What a provider says of a channel.

    `is_working`: it showed the channel to who has the channel's token. `is_refused`: it refused the
    token, twice. Neither: what it said decides nothing. `faults`: a sentence for each thing to
    repair, the refusal first; `is_complete`: everything was asked; words of the channel's `health`;
    `token_expires_at`, None: never, or not reported. `thread_role`: ours on a channel that several
    responders share, "escalation", "primary", "standby" or none of them; None: not asked.
    """

    is_working: bool = False
    is_refused: bool = False
    is_complete: bool = True
    faults: tuple[str, ...] = ()
    health: Mapping[str, str] = field(default_factory=dict)
    token_expires_at: datetime | None = None
    thread_role: str | None = None


@dataclass(frozen=True)
class Downloaded:
    """A file that arrived whole: its type as the provider names it, its SHA-256 in hex, its size in
    bytes.
    """

    mime_type: str
    sha256: str
    size: int
