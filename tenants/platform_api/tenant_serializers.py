"""Tenants as JSON."""

from django.core.validators import RegexValidator
from rest_framework import serializers

from tenants.api.bodies import StrictSerializer
from tenants.api.fields import ChoiceField, TextField
from tenants.models import Tenant

SLUG = RegexValidator(r"^[a-z0-9][a-z0-9-]{0,62}\Z", "Lower-case letters, digits and hyphens.")


class TenantSerializer(serializers.ModelSerializer):
    """A business. A suspended one's messages are stored; nothing is answered or sent."""

    class Meta:
        model = Tenant
        fields = ["id", "slug", "name", "status", "auto_reply", "created_at"]


class NewTenant(StrictSerializer):
    slug = TextField(allow_blank=False, max_length=63, validators=[SLUG])
    name = TextField(allow_blank=False, max_length=200)
    auto_reply = TextField(required=False, max_length=4096)


class TenantChanges(StrictSerializer):
    """What is left away stays as it is."""

    name = TextField(required=False, allow_blank=False, max_length=200)
    status = ChoiceField(Tenant.Status.values, required=False)
