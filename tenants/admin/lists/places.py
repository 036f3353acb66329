"""Places in a list: the values that a row has in the columns of the list's order.

As tenants/api/cursors.py has it, for any order: either direction of each column, columns without a
value, and columns of related rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, OrderBy, Q

NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an order. `nulls_first`: rows without a value stand before all others; None:
    every row has one.
    """

    path: str
    descends: bool
    nulls_first: bool | None = None

    def value_of(self, row: Any) -> Any:
        for name in self.path.split("__"):
            row = getattr(row, name, None)
        return row

    def has(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True} if value is None else {self.path: value})

    def is_behind(self, value: Any) -> Q:
        """Return the condition of the rows that stand behind this value in the order."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if self.nulls_first else NOTHING
        behind = Q(**{f"{self.path}__{'lt' if self.descends else 'gt'}": value})
        if self.nulls_first is False:
            behind |= Q(**{f"{self.path}__isnull": True})
        return behind

    def begins_at(self, value: Any) -> Q:
        """Return the same as a range of an index, the rows with this value included."""
        if value is None or self.nulls_first is False:
            return Q()
        return Q(**{f"{self.path}__{'lte' if self.descends else 'gte'}": value})

    def turned(self) -> "Column":
        nulls_first = None if self.nulls_first is None else not self.nulls_first
        return replace(self, descends=not self.descends, nulls_first=nulls_first)


def columns_of(model: type[Model], ordering: Iterable[Any]) -> tuple[Column, ...]:
    """Return the columns of a queryset's ordering, which is made of fields alone."""
    return tuple(column_of(model, part) for part in ordering)


def column_of(model: type[Model], part: Any) -> Column:
    if isinstance(part, str):
        expression = OrderBy(F(part.lstrip("-")), descending=part.startswith("-"))
    else:
        expression = part if isinstance(part, OrderBy) else OrderBy(part)
    field: Any = expression.expression
    path, is_nullable = resolved(model, field.name)
    descends = bool(expression.descending)
    if not is_nullable:
        return Column(path, descends)
    # PostgreSQL's own order: no value is larger than any
    first = expression.nulls_first or (descends and not expression.nulls_last)
    return Column(path, descends, bool(first))


def resolved(model: Any, name: str) -> tuple[str, bool]:
    """Return the path of a field's own column, and whether it may be without a value."""
    found, is_nullable = [], False
    for part in name.split("__"):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return name, True  # an annotation
        found.append(field.name)
        is_nullable |= field.null
        model = field.related_model
    if model:
        found[-1] = field.attname
    return "__".join(found), is_nullable


def behind(columns: Sequence[Column], values: Sequence[Any]) -> Q:
    """Return the rows behind this place; the order's last column is unique."""
    first, *_ = columns
    return in_order(columns, values) & first.begins_at(values[0])


def up_to(columns: Sequence[Column], values: Sequence[Any]) -> Q:
    """Return the rows before this place and the one that stands there."""
    turned = [column.turned() for column in columns]
    there = Q(*(column.has(value) for column, value in zip(columns, values, strict=True)))
    return (in_order(turned, values) | there) & turned[0].begins_at(values[0])


def in_order(columns: Sequence[Column], values: Sequence[Any]) -> Q:
    found, same = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        found |= same & column.is_behind(value)
        same &= column.has(value)
    return found
