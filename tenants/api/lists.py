"""Lists, a page at a time: {"items": [...], "next": CURSOR or null}, and a Link to the next."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from tenants.api import cursors
from tenants.api.authentication import READING
from tenants.api.problems import Problem
from tenants.api.views import ApiView
from tenants.replica import reading


class PageParameters(serializers.Serializer):
    """The parameters of every list. A list's own filters derive from it."""

    after = serializers.CharField(
        required=False, max_length=1024, help_text="`next` of the page before."
    )
    limit = serializers.IntegerField(
        required=False, default=50, min_value=1, max_value=100, help_text="Items of a page."
    )


class ListView(ApiView):
    """A list, a page at a time. `order`: fields, the last one unique, over an index."""

    filters: ClassVar[type[PageParameters]] = PageParameters
    order: ClassVar[tuple[str, ...]] = ("-id",)

    def answered(self, handle: Callable[[], Response]) -> Response:
        """Read the list from the replica, where there is one."""
        answered = partial(super().answered, handle)
        if self.request.method not in READING:
            return answered()
        return reading.read(answered, otherwise=answered)

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[Any]:
        """Return the rows that a list with these filters shows, in no order."""
        raise NotImplementedError

    def order_of(self, filters: Mapping[str, Any]) -> tuple[str, ...]:
        return self.order

    def page(self) -> Response:
        """Return a page: {"items": [...], "next": CURSOR or null}, and a Link to the next one."""
        given = self.parameters()
        limit, cursor = given.pop("limit"), given.pop("after", "")
        order = self.order_of(given)
        key = cursors.key_of(self.request.path, self.caller.tenant_id, given)
        rows = self.rows(given).order_by(*order)
        if cursor:
            try:
                rows = cursors.after(rows, order, self.place_of(cursor, order, key))
            except cursors.BadCursor as error:
                raise wrong_parameter("after", str(error)) from None
        found = list(rows[: limit + 1])
        items = self.shown(found[:limit])
        if len(found) <= limit:
            return Response({"items": items, "next": None})
        following = cursors.cursor_after(found[limit - 1], order, key)
        return Response(
            {"items": items, "next": following}, headers={"Link": self.link_to(following)}
        )

    def place_of(self, cursor: str, order: Sequence[str], key: str) -> Sequence[Any]:
        """Return the values of the row that a page goes on after. Raises BadCursor."""
        return cursors.values_in(cursor, order, key)

    def shown(self, rows: list[Model]) -> list[dict[str, Any]]:
        return list(self.get_serializer(rows, many=True).data)

    def parameters(self) -> dict[str, Any]:
        """Return the query's parameters. Raises Problem 400 for those that are unknown or wrong."""
        query = self.request.query_params
        given = self.filters(data=query.dict())
        for name, values in query.lists():
            if name not in given.fields:
                raise wrong_parameter(name, "There is no such parameter.")
            if len(values) > 1:
                raise wrong_parameter(name, "The parameter is given more than once.")
        if not given.is_valid():
            name, sentences = next(iter(given.errors.items()))
            raise wrong_parameter(name, str(sentences[0]))
        return dict(given.validated_data)

    def link_to(self, cursor: str) -> str:
        query = urlencode({**self.request.query_params.dict(), "after": cursor})
        return f'<{settings.PUBLIC_URL}{self.request.path}?{query}>; rel="next"'


def wrong_parameter(name: str, sentence: str) -> Problem:
    error = {"parameter": name, "detail": sentence}
    return Problem(400, "invalid_parameter", f"{name}: {sentence}", errors=[error])
