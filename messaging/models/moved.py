"""A message that has come to another status."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a message is now, and whose it is. Statements that move messages return its columns."""

    id: UUID
    tenant_id: UUID
    channel_id: UUID
    conversation_id: UUID
    status: str
    origin: str = ""
    error_code: str = ""
    error: str = ""
