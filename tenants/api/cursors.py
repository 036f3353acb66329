"""Cursors of lists: signed, opaque, and stable while rows are added.

A cursor names the last row that was shown by its values of the list's order, and the list that it
belongs to: a cursor of another list, another tenant or other filters is refused.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet

SALT = "tenants.api.cursors"


class BadCursor(ValueError):
    """A cursor that this list did not give out."""


def key_of(path: str, tenant_id: UUID | None, filters: Mapping[str, Any]) -> str:
    """Return what tells one list from another: its path, who asks, and its filters."""
    told = json.dumps([path, str(tenant_id), sorted((k, str(v)) for k, v in filters.items())])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def cursor_after(row: Model, order: Sequence[str], key: str) -> str:
    """Return the cursor that goes on after this row."""
    return cursor_of([getattr(row, field.lstrip("-")) for field in order], key)


def cursor_of(values: Iterable[Any], key: str) -> str:
    return signing.dumps([key, [text_of(value) for value in values]], salt=SALT)


def values_in(cursor: str, order: Sequence[str], key: str) -> list[Any]:
    """Return the values of the row that the cursor names. Raises BadCursor."""
    try:
        known_key, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadCursor("The cursor is not one of this API's.") from None
    if known_key != key or len(values) != len(order):
        raise BadCursor("The cursor belongs to another list, or to other filters.")
    return values


def after(rows: QuerySet[Any], order: Sequence[str], values: Sequence[Any]) -> QuerySet[Any]:
    """Return the rows behind these values in the order, whose last field is unique."""
    behind, same = Q(), Q()
    for field, value in zip(order, values, strict=True):
        name, compared = field.lstrip("-"), "lt" if field.startswith("-") else "gt"
        behind |= same & Q(**{f"{name}__{compared}": value})
        same &= Q(**{name: value})
    first = order[0].lstrip("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    # for the index: the disjunction alone is no range
    return rows.filter(behind, **{f"{first}__{bound}": values[0]})


def text_of(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
