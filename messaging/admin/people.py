"""Whom a row is about: their number and name, and how rows are found by what people type of
them.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.utils.safestring import SafeString

from messaging.models import Contact, ContactIdentity, Conversation
from messaging.tracing.identifiers import MOST_PEOPLE, Owned, owned, uuid_in
from tenants.admin import HistoryAdmin
from tenants.admin.badges import isolated
from tenants.models import Tenant

TOO_MANY = (
    f"More than {MOST_PEOPLE} people match, and not all are shown. Type more of the number or of"
    " the name."
)
NAMES = ("name", "saved_name", "username")
HELP = (
    "A phone number, or its beginning or end; the beginning of a name; any other whole id; or a"
    " tenant's slug."
)
NUMBERS = (ContactIdentity.Kind.WA_ID, ContactIdentity.Kind.PHONE)
NUMBERS_FIRST = Case(
    *(When(kind=kind, then=Value(place)) for place, kind in enumerate(NUMBERS)),
    default=Value(len(NUMBERS)),
)


def with_id_shown(rows: QuerySet[Any], **contact: str) -> QuerySet[Any]:
    """Annotate each row with `shown_id`: the id that its contact is shown by, a number where there
    is one in use.

    `contact`: a look-up of the identity and the row's column that it equals, in a subquery alone:
    counting rows joins nothing.
    """
    is_theirs = {
        "tenant": OuterRef("tenant"),
        **{name: OuterRef(column) for name, column in contact.items()},
    }
    ids = ContactIdentity.objects.filter(**is_theirs).order_by("-is_active", NUMBERS_FIRST, "-id")
    return rows.annotate(shown_id=Subquery(ids.values("value")[:1]))


def words_of(shown_id: str | None, contact: Contact) -> tuple[str, str]:
    """Return the number, as people dial it, and the name; either may be empty."""
    number = f"+{shown_id}" if shown_id and shown_id.isdigit() else shown_id or ""
    return number, contact.saved_name or contact.name or contact.username


def who(shown_id: str | None, contact: Contact) -> SafeString | str:
    return isolated(*words_of(shown_id, contact)) or str(contact)


class SearchedAsTyped(HistoryAdmin):
    """Rows that are found by a number, a name or an id as people type them, over indexes alone."""

    search_fields = ["id"]  # that there is a search; what it finds says `meant`

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(self.meant(request, term)), False) if term else (queryset, False)

    def meant(self, request: HttpRequest, term: str) -> Q:
        """Return the condition of the rows that `term` may mean."""
        raise NotImplementedError


def itself(term: str) -> Q:
    """Return the row of this id of ours, or the rows of the tenant of this slug."""
    id = uuid_in(term)
    return Q(id__in=[id] if id else []) | Q(
        tenant__in=list(Tenant.objects.filter(slug=term).values_list("id", flat=True))
    )


def named(term: str) -> Q:
    return Q(*((f"{name}__istartswith", term) for name in NAMES), _connector=Q.OR)


def people_of_ids(request: HttpRequest, term: str) -> set[Owned]:
    return at_most(
        request, ContactIdentity.objects.typed(term).values_list("tenant_id", "contact_id")
    )


def people_of_names(request: HttpRequest, term: str) -> set[Owned]:
    return at_most(request, Contact.objects.filter(named(term)).values_list("tenant_id", "id"))


def conversations_of(request: HttpRequest, people: set[Owned]) -> set[Owned]:
    return at_most(
        request,
        Conversation.objects.filter(owned(people, "contact_id")).values_list("tenant_id", "id"),
    )


def at_most(request: HttpRequest, rows: QuerySet[Any, Owned]) -> set[Owned]:
    found = list(rows[: MOST_PEOPLE + 1])
    if len(found) > MOST_PEOPLE and TOO_MANY not in {
        each.message for each in messages.get_messages(request)
    }:
        messages.warning(request, TOO_MANY)
    return set(found[:MOST_PEOPLE])
