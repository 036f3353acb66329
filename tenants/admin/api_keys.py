"""The page of the API's keys: made and shown once, revoked, never read again."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.admin import times
from tenants.admin.badges import BAD, GOOD, PLAIN, badge
from tenants.admin.base import PlatformAdmin
from tenants.admin.confirming import Question, order
from tenants.api_keys import keys
from tenants.models import OF_TENANTS, ApiKey, KeyScope

STATES = {
    "active": (_("active"), GOOD),
    "expired": (_("expired"), PLAIN),
    "revoked": (_("revoked"), BAD),
}
REVOKE = Question(
    _("Revoke these keys?"),
    _(
        "The next request with one of them is refused, for good. What uses it needs a new key"
        " first."
    ),
)


class ApiKeyForm(forms.ModelForm):
    """A key with a tenant has the scopes that are chosen; one without is the platform's own."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in OF_TENANTS],
        widget=forms.CheckboxSelectMultiple,
        initial=OF_TENANTS,
        required=False,
        help_text=_(
            "What a tenant's key may do. One without a tenant makes tenants, their keys and webhook"
            " endpoints for all of them."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("tenant") or self.instance.tenant_id):
            cleaned["scopes"] = [KeyScope.PLATFORM]
        elif not cleaned.get("scopes"):
            self.add_error("scopes", _("Choose at least one."))
        return cleaned


@admin.register(ApiKey)
class ApiKeyAdmin(PlatformAdmin):
    form = ApiKeyForm
    list_display = ["name", "tenant", "shown_prefix", "state_badge", "used", "expires"]
    list_select_related = ["tenant"]
    search_fields = ["prefix__exact", "tenant__slug__exact"]
    search_help_text = _("The beginning of a key, ten characters, or a tenant's slug.")
    autocomplete_fields = ["tenant"]
    fields = ["tenant", "name", "scopes", "expires_at", "requests_per_second", "burst"]
    actions = ["revoke"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whose a key is, and when it was used, nobody changes."""
        moments = ["prefix", "created_at", "created_by", "revoked_at", "used_at"]
        return ["tenant", *moments] if obj else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.fields, *self.get_readonly_fields(request, obj)[1:]]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        """Save a new key, or of an existing one what was changed: its use is counted meanwhile."""
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name in self.fields])
        else:
            obj.created_by = request.user.get_username()
            key = keys.new_key(is_platforms=obj.tenant_id is None)
            keys.keep(obj, key)
            request.new_key = key  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The new key"),
            "opts": self.model._meta,
            "media": self.media,
            "row": obj,
            "key": request.new_key,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/tenants/apikey/created.html", context)

    @order(
        _("Revoke"),
        permission="change",
        done=_("revoked"),
        otherwise=_("The others were revoked before."),
        noun=(_("key"), _("keys")),
        asks=REVOKE,
    )
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> Collection[UUID]:
        return ApiKey.objects.revoke(list(queryset.values_list("id", flat=True)), timezone.now())

    @admin.display(description=_("key"), ordering="prefix")
    def shown_prefix(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @admin.display(description=_("state"))
    def state_badge(self, key: ApiKey) -> SafeString:
        return badge(*STATES[key.state])

    @admin.display(description=_("last used"), ordering="used_at")
    def used(self, key: ApiKey) -> SafeString | str:
        return times.ago(key.used_at)

    @admin.display(description=_("expires"), ordering="expires_at")
    def expires(self, key: ApiKey) -> SafeString | str:
        return times.ago(key.expires_at)
