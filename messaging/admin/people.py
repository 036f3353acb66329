"""Whom a row is about: their number and name, and how rows are found by what people type of
them.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import sql
from messaging.admin.lists.searching import Meaning, SearchedChangeList, Typed
from messaging.models import Contact, ContactIdentity
from messaging.models.contact import NAMES
from messaging.tracing.identifiers import MOST_PEOPLE, Owned
from tenants.admin import HistoryAdmin
from tenants.admin.badges import isolated

FEWEST_LETTERS = 3  # of a part of a name: the trigrams of fewer find nothing
HELP = gettext_lazy(
    "A phone number, or its beginning or end; a part of a name; any other whole id; or a tenant's"
    " short name, alone or before one of these."
)
NUMBERS = (ContactIdentity.Kind.WA_ID, ContactIdentity.Kind.PHONE)
NUMBERS_FIRST = Case(
    *(When(kind=kind, then=Value(place)) for place, kind in enumerate(NUMBERS)),
    default=Value(len(NUMBERS)),
)


def with_id_shown(rows: QuerySet[Any], **contact: str) -> QuerySet[Any]:
    """Annotate each row with `shown_id`, the `id_shown` of its contact."""
    return rows.annotate(shown_id=id_shown(**contact))


def id_shown(**contact: str) -> Subquery:
    """Return the id that a row's contact is shown by, a number where there is one in use.

    `contact`: a look-up of the identity and the row's column that it equals, in a subquery alone.
    """
    is_theirs = {
        "tenant": OuterRef("tenant"),
        **{name: OuterRef(column) for name, column in contact.items()},
    }
    ids = ContactIdentity.objects.filter(**is_theirs).order_by("-is_active", NUMBERS_FIRST, "-id")
    return Subquery(ids.values("value")[:1])


def words_of(shown_id: str | None, contact: Contact) -> tuple[str, str]:
    """Return the number, as people dial it or masked, and the name; either may be empty."""
    number = f"+{shown_id}" if shown_id and shown_id.isdigit() else shown_id or ""
    if settings.MASK_NUMBERS:
        number = masked(number)
    return number, contact.saved_name or contact.name or contact.username


def masked(number: str) -> str:
    """Return a number by its beginning and its end; another id stays as it is."""
    return f"{number[:3]} *** *** {number[-2:]}" if number.startswith("+") else number


def shown_value(value: str) -> str:
    """Return an id, or another word of a contact, as it is stored; a number masked where numbers
    are.
    """
    return masked(f"+{value}") if settings.MASK_NUMBERS and value.isdigit() else value


def who(shown_id: str | None, contact: Contact) -> SafeString | str:
    return isolated(*words_of(shown_id, contact)) or str(contact)


class SearchedAsTyped(HistoryAdmin):
    """Rows that are found by a number, a name or an id as people type them."""

    search_fields = ["id"]  # that there is a search; what it finds says `meaning_of`
    change_list = SearchedChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Leave it to the list, which asks `meaning_of` once."""
        return queryset, False

    def meaning_of(self, request: HttpRequest, typed: Typed) -> Meaning:
        """Return which rows the words mean, within their tenant."""
        raise NotImplementedError


def named(words: str) -> Q:
    look_up = "icontains" if len(words) >= FEWEST_LETTERS else "istartswith"
    return Q(*((f"{name}__{look_up}", words) for name in NAMES), _connector=Q.OR)


def people_of_ids(request: HttpRequest, typed: Typed) -> set[Owned]:
    ids = ContactIdentity.objects.typed(typed.words).filter(typed.of_tenant)
    return at_most(request, ids.values_list("tenant_id", "contact_id"))


def people_of_names(request: HttpRequest, typed: Typed) -> set[Owned]:
    found = Contact.objects.filter(typed.of_tenant, named(typed.words))
    return at_most(request, found.values_list("tenant_id", "id"))


def conversations_of(request: HttpRequest, people: set[Owned]) -> set[Owned]:
    tenant_ids, contact_ids = zip(*sorted(people), strict=True) if people else ((), ())
    rows = sql.run(
        "conversations/conversations_of_people",
        tenant_ids=list(tenant_ids),
        contact_ids=list(contact_ids),
        at_most=MOST_PEOPLE + 1,
    )
    return at_most(request, [(row["tenant_id"], row["id"]) for row in rows])


def at_most(request: HttpRequest, rows: QuerySet[Any, Owned] | list[Owned]) -> set[Owned]:
    found = list(rows[: MOST_PEOPLE + 1])
    if len(found) > MOST_PEOPLE:
        warn_once(
            request,
            _(
                "More than {most} people match, and not all are shown. Type more of the number or"
                " of the name."
            ).format(most=MOST_PEOPLE),
        )
    return set(found[:MOST_PEOPLE])


def warn_once(request: HttpRequest, said: str) -> None:
    if said not in {str(each.message) for each in messages.get_messages(request)}:
        messages.warning(request, said)
