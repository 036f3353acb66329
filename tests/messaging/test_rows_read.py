"""What a worker's round costs hangs on what is done in it, not on what waits, nor on what the
planner believes to wait: no more rows are read where much waits, if the database was analyzed while
nothing waited or while the queues were full. Where nothing is known, a table may be read whole.
"""

from collections import Counter

import pytest

from tests.support import database, rows_read
from tests.support.whatsapp import full_queues
from tests.support.whatsapp.full_queues import (
    EMPTY,
    FEW,
    FEW_PEOPLE,
    FULL,
    MANY,
    MANY_CHANNELS,
    NEVER,
    ONE_CHANNEL,
    QUIET,
)

pytestmark = [pytest.mark.whatsapp, pytest.mark.large]


@pytest.fixture
def read(acme_whatsapp, quiet, write, report, db_rows):
    """How many rows each statement of a round reads: `read(500, state, shape)`."""

    def read(count: int, state: str, shape: str) -> Counter[str]:
        full_queues.fill(db_rows, acme_whatsapp, write, count, state, shape)
        with rows_read.counted() as found:
            full_queues.round_of_a_worker(acme_whatsapp, report)
        return found

    with database.without_autovacuum(db_rows, "channels", *full_queues.TABLES):
        yield read


@pytest.mark.parametrize(
    ("state", "more_at_most"),
    # a table of which nothing is known may be read whole (three times by each of two leases), but
    # never once for each row of another
    [(NEVER, 6 * MANY), (EMPTY, 6 * MANY), (QUIET, 100), (FULL, 100)],
    ids=[NEVER, EMPTY, QUIET, FULL],
)
@pytest.mark.parametrize("shape", [ONE_CHANNEL, MANY_CHANNELS, FEW_PEOPLE])
def test_a_round_reads_no_more_rows_where_more_waits(state, more_at_most, shape, read):
    few, many = read(FEW, state, shape), read(MANY, state, shape)

    assert sum(few.values()) > 1000
    more = {sql: read - few[sql] for sql, read in many.items() if read - few[sql] > more_at_most}
    assert {sql.splitlines()[0]: rows for sql, rows in more.items()} == {}
