"""Steps of an erasure: each is one short transaction, which locks the order, deletes some rows and
counts them. Whoever repeats a step finds less to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from messaging.models import Erasure
from messaging.privacy.catalogue import Part
from messaging.privacy.subject import Subject
from tenants.scope import operator_scope

AT_ONCE = 500  # rows of a step
LOOKED_UP = 20_000  # ids


@contextmanager
def step(erasure_id: UUID) -> Iterator[Erasure]:
    """Open a transaction that holds the order, so that no two processes work on it at once. What
    it counts is stored with what it does.
    """
    with operator_scope():
        erasure = Erasure.objects.select_for_update(no_key=True).get(id=erasure_id)
        yield erasure
        erasure.save()


def delete_part(erasure_id: UUID, part: Part, subject: Subject) -> None:
    """Delete a person's rows of a table, some at a time. Which they are is asked for many at once:
    where no index tells whose a row is, the whole table is looked through.
    """
    is_more = True
    while is_more:
        with operator_scope():
            ids = newest_ids(part.rows(subject), LOOKED_UP)
        for first in range(0, len(ids), AT_ONCE):
            with step(erasure_id) as erasure:
                erasure.count(part.table, delete_rows(part, ids[first : first + AT_ONCE]))
        is_more = len(ids) == LOOKED_UP


def newest_ids(rows: QuerySet[Any], at_most: int) -> list[UUID]:
    return list(rows.order_by("-id").values_list("id", flat=True)[:at_most])


def delete_rows(part: Part, ids: list[UUID]) -> int:
    """Delete rows by their ids. Not by QuerySet.delete, which refuses to delete a message together
    with its answer: the database itself looks after the foreign keys.
    """
    rows: Any = part.model.objects.filter(id__in=ids)
    return rows._raw_delete("default")
