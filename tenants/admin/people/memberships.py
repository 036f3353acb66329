"""Who works for a tenant, on the tenant's page."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.models import Membership

NOT_ONESELF = _(
    "Nobody gives, changes or removes a membership of their own. Ask a colleague to do it."
)


class Memberships(BaseInlineFormSet):
    """`asking`: the primary key of who sends the form, and finds no change of their own in it."""

    asking: Any = None

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {}).get("user")
            people = {form.initial.get("user"), given.pk if given else None}
            if form.has_changed() and self.asking in people:
                raise ValidationError(NOT_ONESELF)


class MembershipInline(admin.TabularInline):
    """The tenant's own people, who sign in at /staff/."""

    model = Membership
    formset = Memberships
    fields = ["user", "role"]
    autocomplete_fields = ["user"]
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.asking = request.user.pk  # type: ignore[attr-defined]
        return formset
