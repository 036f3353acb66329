"""The sequencer: gives events their positions once what they tell is committed.

Numbers and times are given before the commit, and transactions commit in another order: who read on
after the highest number seen would miss what commits late. Positions are given to what is visible
already, by one transaction at a time, so that they grow in the order in which readers can see them.
"""

from pathlib import Path

from tenants.database import statements
from tenants.scope import sequencer_scope

FOLDER = Path(__file__).parent
# what was given positions before is never read again, whatever the planner believes to be there
READS_INDEXES = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}


def give_positions(at_most: int) -> int:
    """Give the next positions to the events that wait for one, in the order of their numbers.
    Returns how many got one: none where another process is giving positions.
    """
    with sequencer_scope(**READS_INDEXES):
        # in a statement of its own: the next one sees all that was given before the lock was free
        (lock,) = statements.run(FOLDER / "lock_positions.sql", {})
        if not lock["is_mine"]:
            return 0
        (given,) = statements.run(FOLDER / "give_positions.sql", {"at_most": at_most})
        return given["number"]
