"""The list of messages: its filters, its search, and the order that an index serves."""

from collections import Counter
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import sql
from messaging.admin import people
from messaging.admin.lists.searching import Meaning, SearchedChangeList, Typed, itself
from messaging.models import Message
from messaging.models.unanswered import Unanswered
from messaging.tracing import identifiers
from messaging.tracing.identifiers import Owned
from tenants.admin.filters import WordFilter

IN_NEED = ("failed", "unknown", "held")  # as the generated column needs_attention has them
MOST_OF_PEOPLE = 1_000  # messages that a search by number or name finds
HELP = gettext_lazy(
    "A phone number, or its beginning or end; a part of a contact's name; a whole message id, ours"
    " or the provider's; or a tenant's short name, alone or before words of the text."
)


class AttentionFilter(WordFilter):
    title = gettext_lazy("attention")
    parameter_name = "attention"
    words: ClassVar = {
        "yes": (gettext_lazy("Needs attention"), Q(needs_attention=True)),
        "twice": (gettext_lazy("Sent twice"), Q(sent_twice_at__isnull=False)),
    }


class StatusFilter(admin.ChoicesFieldListFilter):
    """A status that needs attention is looked for among these few."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        rows: Any = super().queryset(request, queryset)
        return rows.filter(needs_attention=True) if self.is_in_need else rows

    @property
    def is_in_need(self) -> bool:
        asked: Any = self.lookup_val
        return bool(asked) and set(asked) <= set(IN_NEED)


class NotAnsweredFilter(admin.SimpleListFilter):
    title = gettext_lazy("automatic reply")
    parameter_name = "unanswered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Not answered, whatever the reason")), *Unanswered.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() == "yes":
            return queryset.exclude(unanswered="")
        known = self.value() in Unanswered.values
        return queryset.filter(unanswered=self.value()) if known else queryset


class MessageChangeList(SearchedChangeList):
    """Newest first. What needs attention is found by an index, of a tenant or of all."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        if self.asks_for_need and not self.has_tenant:
            return ["-created_at", "-id"]
        return super().get_ordering(request, queryset)

    def narrowed(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().narrowed(request, rows)
        return rows.filter(needs_attention=True) if self.asks_for_need else rows

    @property
    def asks_for_need(self) -> bool:
        if self.params.get("attention") == "yes":
            return True
        return any(isinstance(each, StatusFilter) and each.is_in_need for each in self.filter_specs)


def meaning_of(request: HttpRequest, typed: Typed) -> Meaning:
    """Return the messages with this id; else those of the people with this number; else, within a
    tenant, those whose text or whose contact's name has the words, and in all tenants those of the
    people who are called so.
    """
    if (row := itself(typed.words)) is not None:
        return Meaning(row)
    if found := people.people_of_ids(request, typed):
        return Meaning(of_people(request, found))
    if " " not in typed.words and (
        ids := identifiers.message_ids_at_provider(typed.words, typed.of_tenant)
    ):
        return Meaning(Q(id__in=ids))
    found = people.people_of_names(request, typed)
    if typed.tenant is None:
        return Meaning(of_people(request, found))
    theirs = [id for _tenant_id, id in people.conversations_of(request, found)]
    said = Q(text__icontains=typed.words) | Q(conversation__in=theirs)
    return Meaning(said, goes_through=True)


def of_people(request: HttpRequest, found: set[Owned]) -> Q:
    """Return the newest messages of each of these people's conversations."""
    conversations = sorted(people.conversations_of(request, found))
    if not conversations:
        return Q(id__in=[])
    share = max(1, MOST_OF_PEOPLE // len(conversations))
    tenant_ids, ids = zip(*conversations, strict=True)
    rows = sql.run(
        "messages/newest_of_conversations",
        tenant_ids=list(tenant_ids),
        conversation_ids=list(ids),
        at_most=share,
    )
    if max(Counter(row["conversation_id"] for row in rows).values(), default=0) == share:
        said = _("At most the newest {share} messages of each conversation are found here.")
        people.warn_once(request, said.format(share=share))
    return Q(id__in=[row["id"] for row in rows])
