"""Contacts: list and read them, change what the business knows of one, join two that are one
person.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.storable import NAME_LENGTH
from messaging.api.serializers import ContactSerializer
from messaging.contacts import decisions
from messaging.models import Contact, ContactIdentity
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import FlagField, IdField, TextField
from tenants.api.lists import ListView, PageParameters
from tenants.api.problems import not_there
from tenants.api.views import ApiView
from tenants.models import KeyScope

ATTRIBUTES, NAMES_LENGTH, VALUE_LENGTH = 50, 40, 500


class ContactFilters(PageParameters):
    address = serializers.CharField(
        required=False, max_length=512, help_text="The one with this id, such as 4915112345678."
    )


class Contacts(ListView):
    filters = ContactFilters
    serializer_class = ContactSerializer
    scopes: ClassVar = {"GET": KeyScope.CONTACTS_READ}

    @extend_schema(operation_id="list_contacts")
    def get(self, request: Request) -> Response:
        """List contacts, the newest first."""
        return self.page()

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[Contact]:
        rows = with_ids(Contact.objects.filter(merged_into=None))
        if address := filters.get("address"):
            owners = ContactIdentity.objects.filter(value=address).values("contact_id")
            rows = rows.filter(id__in=owners)
        return rows


class ContactChanges(StrictSerializer):
    """What the business says of a contact; what is left away stays as it is."""

    saved_name = TextField(required=False, max_length=NAME_LENGTH)
    attributes = serializers.DictField(
        child=TextField(max_length=VALUE_LENGTH),
        required=False,
        help_text="Words of yours; all that are given replace all that there were. At most 50, with"
        " names of 40 characters and values of 500.",
    )
    is_blocked = FlagField(required=False, help_text="true: nothing is answered or sent to them.")
    wants_marketing = FlagField(
        required=False, help_text="false: they opted out; no marketing template is sent to them."
    )

    def validate_attributes(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > ATTRIBUTES:
            raise serializers.ValidationError(f"There are {len(value)}; {ATTRIBUTES} is the most.")
        if long := [name for name in value if not 0 < len(name) <= NAMES_LENGTH]:
            sentence = f"A name has 1 to {NAMES_LENGTH} characters."
            raise serializers.ValidationError({name: [sentence] for name in long})
        return value


class OneContact(ApiView):
    serializer_class = ContactSerializer
    scopes: ClassVar = {"GET": KeyScope.CONTACTS_READ, "PATCH": KeyScope.CONTACTS_WRITE}

    @extend_schema(operation_id="get_contact")
    def get(self, request: Request, id: UUID) -> Response:
        """Read a contact. One that was merged into another says into which."""
        return Response(ContactSerializer(self.row(with_ids(Contact.objects.all()), id)).data)

    @extend_schema(operation_id="update_contact", request=ContactChanges)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change what the business knows of a contact, block or unblock them, note an opt-out."""
        given = self.valid(ContactChanges)
        self.row(Contact.objects.filter(merged_into=None), id)
        decisions.describe(id, given, by=decisions.API)
        return self.get(request, id)


class MergeSerializer(StrictSerializer):
    contact = IdField(help_text="The one that becomes an alias of this one.")


class MergeContact(ApiView):
    serializer_class = ContactSerializer
    scopes: ClassVar = {"POST": KeyScope.CONTACTS_WRITE}

    @extend_schema(operation_id="merge_contact", request=MergeSerializer)
    def post(self, request: Request, id: UUID) -> Response:
        """Join two contacts that are one person: this one has what was the other's."""
        other = self.valid(MergeSerializer)["contact"]
        self.row(Contact.objects.all(), id)
        if not Contact.objects.filter(id=other).exists():
            raise not_there("/contact")
        kept = decisions.merge(other, id, by=decisions.API)
        return Response(ContactSerializer(self.row(with_ids(Contact.objects.all()), kept)).data)


def with_ids(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    return rows.prefetch_related(Prefetch("identities", ContactIdentity.objects.order_by("id")))
