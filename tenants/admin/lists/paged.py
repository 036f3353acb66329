"""The base of every admin with a list: by cursors, uncounted, sorted by what an index sorts."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from tenants.admin.lists import exact
from tenants.admin.lists.changelist import CursorChangeList


class UncountedPaginator(Paginator):
    """What a field that completes what is typed pages by: it asks only whether there is more."""

    def page(self, number: Any) -> Page:
        number = max(int(number), 1)
        first = (number - 1) * self.per_page
        rows = list(self.object_list[first : first + self.per_page + 1])  # type: ignore[index]
        page = UncountedPage(rows[: self.per_page], number, self)
        page.is_last = len(rows) <= self.per_page
        return page


class UncountedPage(Page):
    is_last = True

    def has_next(self) -> bool:
        return not self.is_last


class PagedAdmin(admin.ModelAdmin):
    """`found_by_index`: the parameters of filters that an index serves in the list's order; with
    others a page goes through a bounded number of rows. None: the table is small, or an index
    serves all. `searched_by_index`: whether indexes serve a search, too; one for a tenant is served
    by the tenant's.

    `sortable_by`: of a large table only columns with an index.
    """

    change_list: ClassVar[type[CursorChangeList]] = CursorChangeList
    found_by_index: ClassVar[Collection[str] | None] = None
    searched_by_index: ClassVar[bool] = True
    list_per_page = list_max_show_all = 50
    paginator = UncountedPaginator
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by: ClassVar[list[str] | tuple[str, ...] | None] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search for whole words without casts and joins, which no index serves."""
        fields, words = self.get_search_fields(request), search_term.strip()
        if not words or not exact.are_whole(fields):
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(exact.meaning_of(self.model, fields, words)), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return self.change_list
