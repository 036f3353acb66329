"""Our ids are UUIDs of version 7: they begin with their time, so a range of ids is a range of
time.
"""

from datetime import datetime
from uuid import UUID


def first_id_at(moment: datetime) -> UUID:
    """Return the smallest id of that time."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))
