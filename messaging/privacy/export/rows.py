"""Read rows in the order of their ids, some at a time: whoever reads them holds few in memory."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

IDS, ROWS = 20_000, 200  # at once
FIRST = UUID(int=0)


def in_order(rows: QuerySet[Any]) -> Iterator[Any]:
    """Yield the rows, the oldest first. Which they are is asked for many at once, because whose a
    row is may take long to find; the rows are read by their ids.
    """
    after, is_more = FIRST, True
    while is_more:
        ids = list(rows.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:IDS])
        for first in range(0, len(ids), ROWS):
            yield from rows.model.objects.filter(id__in=ids[first : first + ROWS]).order_by("id")
        is_more = len(ids) == IDS
        after = ids[-1] if ids else after
