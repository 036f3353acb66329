"""Delete events that are older than their readers need them."""

from pathlib import Path
from uuid import UUID

from tenants.database import statements

PURGE = Path(__file__).parent / "purge_events.sql"


def purge(before: UUID, at_most: int) -> int:
    """Delete some of the oldest events before this id, within operator_scope. Returns their
    number.
    """
    return len(statements.run(PURGE, {"before": before, "at_most": at_most}))
