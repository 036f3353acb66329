"""The list of the audit log: which rows a page goes through where several filters are chosen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from tenants.admin.lists.changelist import CursorChangeList
from tenants.models.uuid7 import first_id_at

ONE_INDEX_EACH = ("person", "action__exact", "kind")
CLOCKS_DIFFER_BY = timedelta(seconds=2)  # that of an entry's id and that of its time
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)  # that ids can say
OLDEST = UUID(int=0)


class TimeFilter(admin.DateFieldListFilter):
    """A range of time is one of ids, too, and those are the order of the list."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        rows: Any = super().queryset(request, queryset)
        if since := self.moment(self.lookup_kwarg_since):
            rows = rows.filter(id__gte=first_id_at(since - CLOCKS_DIFFER_BY))
        if until := self.moment(self.lookup_kwarg_until):
            rows = rows.filter(id__lt=first_id_at(until + CLOCKS_DIFFER_BY))
        return rows

    def moment(self, parameter: str) -> datetime | None:
        """Return the moment that is asked for, as an id can say it."""
        asked: Any = self.used_parameters.get(parameter)
        return min(max(self.field.get_prep_value(asked[-1]), FIRST), LAST) if asked else None


class AuditChangeList(CursorChangeList):
    """An index serves each filter alone. Of several together a page goes through the entries of
    the one that reaches back furthest.
    """

    def among(self, request: HttpRequest) -> QuerySet[Any] | None:
        several = list(self.chosen(request))
        return min(several, key=self.reach) if len(several) > 1 else None

    def chosen(self, request: HttpRequest) -> Iterator[QuerySet[Any]]:
        """Yield the entries of each filter of which something was chosen, in the time that was."""
        rows = self.root_queryset
        for spec in self.filter_specs:
            if isinstance(spec, TimeFilter):
                rows = spec.queryset(request, rows)
        for spec in self.filter_specs:
            if any(name in ONE_INDEX_EACH for name in spec.used_parameters):
                yield spec.queryset(request, rows)  # type: ignore[misc]

    def reach(self, rows: QuerySet[Any]) -> UUID:
        """Return the last entry that a page would go through."""
        last = rows.order_by("-id").values_list("id", flat=True)[self.read_at_most - 1 :][:1]
        return next(iter(last), OLDEST)
