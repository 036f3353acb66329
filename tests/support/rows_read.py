"""How many rows each statement reads, as PostgreSQL counts them: of tables read whole and of those
found by an index, the checks of foreign keys included.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

LIST = re.compile(r"%s(, %s)+")  # of an IN: as long as what is asked for
READ = """
    SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))
    FROM pg_stat_xact_user_tables"""


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count the rows that each statement of the block reads, by the statement's text. Those outside
    a transaction are not counted.
    """
    found: Counter[str] = Counter()

    def read() -> int:
        (rows,) = connection.connection.execute(READ).fetchone()
        return int(rows or 0)

    def count(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not connection.in_atomic_block:
            return execute(sql, params, many, context)
        before = read()
        result = execute(sql, params, many, context)
        found[LIST.sub("%s", sql)] += read() - before
        return result

    with connection.execute_wrapper(count):
        yield found
