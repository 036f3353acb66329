"""What we give a provider with a message and get back in its statuses: `o1:<message id>:<attempt>`.

It comes from outside, so it is data: it names a message only together with the channel the status
came for.
"""

import re
from uuid import UUID

PATTERN = re.compile(r"o1:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{1,4})")


def reference(message_id: UUID, attempt: int) -> str:
    return f"o1:{message_id}:{attempt}"


def message_id_of(text: str) -> UUID | None:
    match = PATTERN.fullmatch(text)
    return UUID(match[1]) if match else None


def attempt_of(text: str) -> int | None:
    match = PATTERN.fullmatch(text)
    return int(match[2]) if match else None
