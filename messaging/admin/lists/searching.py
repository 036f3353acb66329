"""What is typed into the search of a list: a tenant's short name, and words behind it or alone."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from channels_app.admin.channel_of_tenant import ChannelFilter
from messaging.tracing.identifiers import uuid_in
from tenants.admin.lists.changelist import CursorChangeList
from tenants.admin.lists.tenant_filter import TENANT_VAR, tenant_called
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Typed:
    """`tenant`: within which the words are looked for; None: within all of them."""

    words: str
    tenant: Tenant | None = None

    @property
    def of_tenant(self) -> Q:
        return Q(tenant=self.tenant) if self.tenant else Q()


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which rows a search means. `goes_through`: no index finds them, so a page goes through the
    tenant's rows.
    """

    rows: Q
    goes_through: bool = False


def typed_in(request: HttpRequest, text: str) -> Typed:
    """Return the words and their tenant: the one of the filter, or the one whose short name is the
    first word. In quotation marks the first word is no short name.
    """
    text = text.strip()
    if slug := request.GET.get(TENANT_VAR, "").strip():
        return Typed(text, tenant_called(slug))
    if len(text) > 2 and text[0] == text[-1] == '"':
        return Typed(text[1:-1].strip())
    first, _space, words = text.partition(" ")
    tenant = tenant_called(first)
    return Typed(words.strip(), tenant) if tenant else Typed(text)


def itself(words: str) -> Q | None:
    """Return the row of this id of ours; None: the words are no id."""
    id = uuid_in(words)
    return Q(id=id) if id else None


class SearchedChangeList(CursorChangeList):
    """A list of a `SearchedAsTyped`: it asks that once what the search means."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        self.typed = typed_in(request, self.query)
        words = self.typed.words
        found = self.model_admin.meaning_of(request, self.typed) if words else Meaning(Q())
        self.meaning = Meaning(self.typed.of_tenant & found.rows, found.goes_through)
        return super().get_queryset(request, exclude_parameters).filter(self.meaning.rows)

    def among(self, request: HttpRequest) -> QuerySet[Any] | None:
        if self.typed.words and not self.meaning.goes_through:
            return None  # those that were found are few
        if self.meaning.goes_through:
            return self.narrowed(request, self.root_queryset)
        return super().among(request)

    def narrowed(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().narrowed(request, rows.filter(self.typed.of_tenant))
        channels = (each.channel for each in self.filter_specs if isinstance(each, ChannelFilter))
        for channel in filter(None, channels):
            rows = rows.filter(tenant=channel.tenant_id)
        return rows

    @property
    def has_tenant(self) -> bool:
        return bool(self.typed.tenant or self.filter_params.get("channel"))
