"""The people who write, and what staff decide about them."""

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.admin import people
from messaging.admin.inlines import HistoryInline
from messaging.admin.lists.searching import Meaning, Typed, itself
from messaging.admin.orders.contacts import WHAT_JOINING_DOES, ContactOrders
from messaging.admin.orders.privacy import PrivacyOrders
from messaging.contacts import decisions
from messaging.models import Contact, ContactChange, ContactIdentity
from messaging.tracing import identifiers
from tenants import naming
from tenants.admin import HistoryAdmin, times
from tenants.admin.badges import WAITS, badge, isolated
from tenants.admin.confirming import Question, order
from tenants.admin.filters import WordFilter
from tenants.admin.lists.tenant_filter import TenantFilter

DISPUTES = (_("dispute"), _("disputes"))
JOIN = Question(
    _("Join the two contacts of this dispute?"),
    WHAT_JOINING_DOES,
    of_several=_("Join the two contacts of each dispute?"),
)
APART = Question(
    _("Leave the two contacts of this dispute apart?"),
    _("They stay two people, and the dispute is settled for good."),
    of_several=_("Leave the two contacts of each dispute apart?"),
)


class IdentityInline(HistoryInline):
    model = ContactIdentity
    fields = ["kind", "value", "is_active", "account_id"]
    ordering = ["id"]


class ContactChangeInline(HistoryInline):
    model = ContactChange
    fk_name = "contact"
    fields = ["recorded_at", "what", "kind", "old", "new", "other", "by", "is_open"]
    ordering = ["-id"]
    verbose_name_plural = _("what became of the contact")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactChange]:
        return super().get_queryset(request).select_related("other")


class StandingFilter(WordFilter):
    title = _("standing")
    parameter_name = "standing"
    words: ClassVar = {
        "blocked": (_("Blocked"), Q(blocked_at__isnull=False)),
        "no_marketing": (_("Wants no marketing"), Q(marketing_opted_out_at__isnull=False)),
        "joined": (_("Joined with another"), Q(merged_into__isnull=False)),
    }


@admin.register(Contact)
class ContactAdmin(PrivacyOrders, ContactOrders):
    list_display = [
        "who",
        "tenant",
        "username",
        "opted_out",
        "blocked",
        "merged_into",
        "created",
    ]
    list_select_related = ["tenant", "merged_into"]
    list_filter = [TenantFilter, StandingFilter]
    found_by_index = frozenset({TenantFilter.parameter_name})
    search_help_text = people.HELP
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "tenant",
                    "name",
                    "saved_name",
                    "username",
                    "merged_into",
                    "created_at",
                    "id",
                ]
            },
        ),
        (_("Wishes"), {"fields": ["marketing_opted_out_at", "marketing_decided_at", "blocked_at"]}),
    ]
    inlines = [IdentityInline, ContactChangeInline]
    actions = ["block", "unblock", "join_two", "export_contact", "erase"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return people.with_id_shown(super().get_queryset(request), contact="id")

    def meaning_of(self, request: HttpRequest, typed: Typed) -> Meaning:
        if (row := itself(typed.words)) is not None:
            return Meaning(row)
        found = people.people_of_ids(request, typed) | people.people_of_names(request, typed)
        return Meaning(identifiers.owned(found, "id"))

    @admin.display(description=_("contact"))
    def who(self, contact: Any) -> SafeString | str:
        return people.who(contact.shown_id, contact)

    @admin.display(description=_("no marketing since"))
    def opted_out(self, contact: Contact) -> SafeString | str:
        return times.ago(contact.marketing_opted_out_at)

    @admin.display(description=_("blocked"))
    def blocked(self, contact: Contact) -> SafeString | str:
        return times.ago(contact.blocked_at)

    @admin.display(description=_("created"))
    def created(self, contact: Contact) -> SafeString | str:
        return times.ago(contact.created_at)

    def in_words(self, row: Any) -> str:
        return " ".join(people.words_of(row.shown_id, row))


@admin.register(ContactChange)
class ContactChangeAdmin(HistoryAdmin):
    """Disputes wait here: an id came from somebody who may be another contact, or somebody new."""

    list_display = [
        *("recorded", "tenant", "what", "one", "another", "kind", "became", "standing", "by"),
    ]
    fields = [
        *("tenant", "contact", "other", "what", "kind", "was", "became", "by", "is_open"),
        "recorded_at",
    ]
    readonly_fields = ["was", "became"]
    list_select_related = ["tenant", "contact", "other"]
    list_filter = ["is_open", "what"]
    searched_by_index = False
    search_fields = ["new__exact", "old__exact", "tenant__slug__exact"]
    search_help_text = _("A whole id, as it was or as it became, or a tenant's slug.")
    actions = ["join", "leave_apart"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactChange]:
        ids = {"one_id": people.id_shown(contact="contact")}
        ids["another_id"] = people.id_shown(contact="other")
        return super().get_queryset(request).annotate(**ids)

    @admin.display(description=_("contact"))
    def one(self, change: Any) -> SafeString:
        return isolated(told_apart(change.one_id, change.contact))

    @admin.display(description=_("other"))
    def another(self, change: Any) -> SafeString | str:
        if change.other is None:
            return self.get_empty_value_display()
        return isolated(told_apart(change.another_id, change.other))

    @admin.display(description=_("old"))
    def was(self, change: ContactChange) -> str:
        return people.shown_value(change.old) or self.get_empty_value_display()

    @admin.display(description=_("new"))
    def became(self, change: ContactChange) -> str:
        return people.shown_value(change.new) or self.get_empty_value_display()

    @admin.display(description=_("recorded"))
    def recorded(self, change: ContactChange) -> SafeString | str:
        return times.ago(change.recorded_at)

    @admin.display(description=_("open"))
    def standing(self, change: ContactChange) -> SafeString | str:
        return badge(_("open"), WAITS) if change.is_open else self.get_empty_value_display()

    @order(
        _("They are one person: join the two contacts"),
        permission="decide",
        done=_("joined into one contact"),
        otherwise=_("The rest was settled before, or its contacts were joined already."),
        noun=DISPUTES,
        asks=JOIN,
    )
    def join(self, request: HttpRequest, queryset: QuerySet[ContactChange]) -> Collection[UUID]:
        return decisions.join(queryset, by=request.user.get_username())

    @order(
        _("They are two people: leave them apart"),
        permission="decide",
        done=_("settled: two people"),
        otherwise=_("The rest was settled before."),
        noun=DISPUTES,
        asks=APART,
    )
    def leave_apart(
        self, request: HttpRequest, queryset: QuerySet[ContactChange]
    ) -> Collection[UUID]:
        return decisions.leave_apart(queryset, by=request.user.get_username())

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_contact")

    def in_words(self, row: Any) -> str:
        one = told_apart(row.one_id, row.contact)
        another = (
            told_apart(row.another_id, row.other) if row.other else people.shown_value(row.new)
        )
        return gettext("{what}: {one} and {another}").format(
            what=row.get_what_display(), one=one, another=another
        )


def told_apart(shown_id: str | None, contact: Contact) -> str:
    """Return what tells a contact from another of the same name: the number, and since when."""
    who = " ".join(filter(None, people.words_of(shown_id, contact))) or str(contact)
    return gettext("{who}, since {moment}").format(
        who=who, moment=naming.moment(contact.created_at)
    )
