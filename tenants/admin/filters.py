"""Filters of the back-office's lists, which ask no table for its distinct values."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tenants import naming


class WordFilter(admin.SimpleListFilter):
    """A filter with a few words. `words`: each with what the page says, and which rows it means."""

    words: ClassVar[Mapping[str, tuple[str | Promise, Q]]] = {}

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [(word, said) for word, (said, _) in self.words.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        _, meant = self.words.get(self.value() or "", ("", Q()))
        return queryset.filter(meant)


class KindFilter(admin.SimpleListFilter):
    """A filter by the kind of channel."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def kinds(self) -> Iterable[str]:
        """Return the kinds that there can be."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(kind, naming.kind_of_channel(kind)) for kind in self.kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset
