"""Our ids are UUIDs of version 7: they begin with their time, so a range of ids is a range of
time.
"""

from datetime import UTC, datetime
from uuid import UUID


def first_id_at(moment: datetime) -> UUID:
    """Return the smallest id of that time."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))


def time_of(id: UUID) -> datetime:
    """Return when the id was made, to the millisecond."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)
