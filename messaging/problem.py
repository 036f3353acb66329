"""Something that needs a hand: whose it is, what is wrong and what to do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

Key = tuple[str, UUID | None, UUID | None]  # kind, tenant, channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`said`: what is wrong, a sentence; `step`: what to do; `is_owners`: the tenant's owners can
    mend it themselves.
    """

    kind: str
    said: str
    step: str
    tenant_id: UUID | None = None
    tenant: str = ""
    channel_id: UUID | None = None
    channel: str = ""
    since: datetime | None = None
    is_owners: bool = False

    @property
    def key(self) -> Key:
        return self.kind, self.tenant_id, self.channel_id

    @property
    def whose(self) -> str:
        return " · ".join(filter(None, [self.tenant, self.channel]))
