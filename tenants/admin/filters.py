"""Filters of the back-office's lists, which ask no table for its distinct values."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest


class WordFilter(admin.SimpleListFilter):
    """A filter with a few words. `words`: each with what the page says, and which rows it means."""

    words: ClassVar[Mapping[str, tuple[Any, Q]]] = {}

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(word, said) for word, (said, _) in self.words.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        _, meant = self.words.get(self.value() or "", ("", Q()))
        return queryset.filter(meant)
