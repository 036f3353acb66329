"""A list of the back-office that is read by cursors: a page begins behind a row, wherever it
stands, and one row more than a page tells whether there is another.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import (
    ORDER_VAR,
    PAGE_VAR,
    SEARCH_VAR,
    ChangeList,
    ChangeListSearchForm,
)
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.admin.lists import exact, places
from tenants.admin.lists.places import Column
from tenants.api import cursors
from tenants.replica import reading
from tenants.scope import operator_scope

OLDER, NEWER = "older", "newer"
READ_AT_MOST = 5_000  # rows that a page goes through, where no index finds those that it shows
LONGEST_SEARCH = 512  # letters; no id is longer
TOO_LONG = gettext_lazy("Search for fewer words: %(limit_value)d letters at most.")

Values = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Page:
    """`goes_on_at`: behind which values there is more; None: this is the last page. `is_cut_off`:
    so many rows were gone through that the page is not full.
    """

    rows: list[Any]
    goes_on_at: Values | None
    is_cut_off: bool = False


class SearchForm(ChangeListSearchForm):
    """Refuses a search that would be thousands of conditions."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[SEARCH_VAR].validators.append(MaxLengthValidator(LONGEST_SEARCH, TOO_LONG))


class CursorChangeList(ChangeList):
    """Counts nothing, and is called as its rows are. `result_count` is the length of the page.
    `looks_further`: the direction of a page that is cut off.

    The cursor stands in the parameter that is the page's number elsewhere, so that each link that
    filters, sorts or searches leads to a first page; `newer` without a cursor is the last page.
    Only the columns of `sortable_by` sort.
    """

    model_admin: Any
    is_read_by_cursors = True
    looks_further = ""
    newer_link = older_link = first_link = ""
    read_at_most = READ_AT_MOST
    search_form_class = SearchForm

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if not self.is_popup:
            self.title = capfirst(str(self.opts.verbose_name_plural))

    def get_ordering_field(self, field_name: Any) -> Any:
        may_sort = self.sortable_by is None or field_name in self.sortable_by
        return super().get_ordering_field(field_name) if may_sort else None

    def get_results(self, request: HttpRequest) -> None:
        """Read the page, from the replica where there is one. What an order acts on is read from
        the primary.
        """
        self.columns = places.columns_of(self.model, self.queryset.query.order_by)
        read = partial(self.read, request, *self.place_in(request))
        if request.method == "GET":
            reading.read(operator_scope()(read), otherwise=read)
        else:
            read()

    def read(self, request: HttpRequest, way: str, place: Values | None) -> None:
        page = self.page(request, way, place)
        if way == NEWER and not page.goes_on_at:
            way, place = OLDER, None  # the first page, and full
            page = self.page(request, way, place)
        self.link(way, place, page)
        self.result_list = page.rows
        self.looks_further = way if page.is_cut_off else ""
        self.result_count = len(page.rows)
        self.full_result_count = None
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_all = False
        self.show_admin_actions = bool(page.rows)

    def page(self, request: HttpRequest, way: str, place: Values | None) -> Page:
        """Return the page behind a place, in the direction of `way`; None: the first one."""
        rows, columns = self.queryset, self.columns
        among = self.among(request)
        if way == NEWER:
            rows, columns = rows.reverse(), tuple(column.turned() for column in columns)
        floor = self.floor(among, way, columns, place) if among is not None else None
        if place is not None:
            rows = rows.filter(places.behind(columns, place))
        if floor is not None:
            rows = rows.filter(places.up_to(columns, floor))
        found = self.found_in(rows)
        shown = found[: self.list_per_page]
        is_cut_off = len(found) == len(shown) and floor is not None
        goes_on_at = floor if is_cut_off else None
        if len(found) > len(shown):
            goes_on_at = self.values_of(shown[-1])
        return Page(shown if way == OLDER else shown[::-1], goes_on_at, is_cut_off)

    def found_in(self, rows: QuerySet[Any]) -> list[Any]:
        """Return a page's rows and the one behind it. They are found by their ids first: whatever
        plan that takes, nothing is joined to rows that the page does not show.
        """
        ids = list(rows.values_list("pk", flat=True)[: self.list_per_page + 1])
        return self.rows_of(ids)

    def rows_of(self, ids: Sequence[Any], without: Iterable[str] = ()) -> list[Any]:
        """Return the rows with these ids, in this order, without the values of these fields."""
        rows = self.apply_select_related(self.root_queryset).defer(*without)
        row_of = rows.order_by().in_bulk(ids)
        return [row_of[id] for id in ids if id in row_of]

    def among(self, request: HttpRequest) -> QuerySet[Any] | None:
        """Return the rows that a page goes through, the first `read_at_most` of them, to show those
        that the filters and the search mean; None: an index finds these.
        """
        served = self.found_by_index
        is_served = served is None or set(self.get_filters_params()) <= set(served)
        if is_served and self.is_searched_by_index(request):
            return None
        return self.narrowed(request, self.root_queryset)

    def is_searched_by_index(self, request: HttpRequest) -> bool:
        """Return whether an index finds what is searched for, if anything is."""
        words = self.query.strip()
        if not words or self.model_admin.searched_by_index:
            return True
        return exact.tenant_in(self.model_admin.get_search_fields(request), words) is not None

    @property
    def found_by_index(self) -> Collection[str] | None:
        """The parameters of filters that an index serves in the order of this list, as it is
        filtered; None: it serves all.
        """
        return self.model_admin.found_by_index

    def narrowed(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of all filters that an index serves."""
        served = self.found_by_index or ()
        for spec in self.filter_specs:
            if any(name in served for name in spec.expected_parameters()):
                narrower = spec.queryset(request, rows)
                rows = rows if narrower is None else narrower
        return rows

    def floor(
        self, among: QuerySet[Any], way: str, columns: Sequence[Column], place: Values | None
    ) -> Values | None:
        """Return the place of the last row that a page goes through; None: it comes to the end."""
        rows = among.order_by(*self.queryset.query.order_by)
        if way == NEWER:
            rows = rows.reverse()
        if place is not None:
            rows = rows.filter(places.behind(columns, place))
        last = self.read_at_most - 1
        found = list(rows.values_list(*(column.path for column in columns))[last : last + 2])
        return found[0] if len(found) > 1 else None

    def values_of(self, row: Any) -> Values:
        return [column.value_of(row) for column in self.columns]

    def place_in(self, request: HttpRequest) -> tuple[str, Values | None]:
        """Return the direction and the place that the address names. What is no cursor of this list
        is said, and is the first page.
        """
        given = request.GET.get(PAGE_VAR, "")
        if given in ("", NEWER):
            return given or OLDER, None
        way, _dot, token = given.partition(".")
        try:
            values = cursors.values_in(token, self.columns_in_words, self.key(way))
        except cursors.BadCursor:
            if request.method == "GET":
                said = _("The address names no page of this list. This is the first one.")
                messages.warning(request, said)
            return OLDER, None
        return way, values

    def link(self, way: str, place: Values | None, page: Page) -> None:
        is_first = way == OLDER and place is None
        onward = self.link_to(way, page.goes_on_at)
        back = "" if place is None else self.link_back(way, page)
        self.newer_link, self.older_link = (back, onward) if way == OLDER else (onward, back)
        self.first_link = "" if is_first else self.get_query_string()

    def link_back(self, way: str, page: Page) -> str:
        """Return where the rows before this page stand. What shows no row goes back from the last
        row that it went through: the one at which it began is shown again.
        """
        turned = NEWER if way == OLDER else OLDER
        if page.rows:
            return self.link_to(turned, self.values_of(page.rows[0 if way == OLDER else -1]))
        return self.link_to(turned, page.goes_on_at) or self.get_query_string({PAGE_VAR: NEWER})

    def link_to(self, way: str, values: Values | None) -> str:
        if values is None:
            return ""
        token = cursors.cursor_of(values, self.key(way))
        return self.get_query_string({PAGE_VAR: f"{way}.{token}"})

    def key(self, way: str) -> str:
        order = "/".join(self.columns_in_words)
        told = {**self.params, "order": order, "way": way}
        return cursors.key_of(self.opts.label_lower, None, told)

    @property
    def columns_in_words(self) -> list[str]:
        return ["-" * column.descends + column.path for column in self.columns]

    @property
    def is_sorted(self) -> bool:
        """Whether somebody chose another order: then no page is older or newer than another."""
        return bool(self.params.get(ORDER_VAR))
