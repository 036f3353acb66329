"""Answers that take their time: their strategies are not asked, and what was recorded happens again
at its moment.
"""

from datetime import datetime

from messaging import sql
from messaging.rehearsal import outcomes
from tenants.scope import router_scope


def give(*, after: datetime, until: datetime) -> None:
    """End what waits for a strategy as it ended between these moments in the recording. What the
    recording has no ending of goes on waiting.
    """
    with router_scope():
        answered = sql.run("rehearsal/play/endings", after=after, until=until)
    outcomes.give([row["delivery_id"] for row in answered])
