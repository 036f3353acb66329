"""The page of the API's keys: made and shown once, revoked, never read again."""

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.admin import times
from tenants.admin.badges import BAD, GOOD, PLAIN, badge
from tenants.admin.confirming import Question, order
from tenants.admin.lists.tenant_filter import TenantFilter
from tenants.admin.shown_once import ShownOnce
from tenants.api_keys import keys
from tenants.models import BY_DEFAULT, OF_TENANTS, ApiKey, KeyScope

PLATFORM = "platform"  # in the address of the form, instead of a tenant
STATES = {
    "active": (_("active"), GOOD),
    "expired": (_("expired"), PLAIN),
    "revoked": (_("revoked"), BAD),
}
REVOKE = Question(
    _("Revoke this key?"),
    _(
        "The next request with a revoked key is refused, for good. What uses it needs a new key"
        " first."
    ),
    of_several=_("Revoke these keys?"),
)


class ApiKeyForm(forms.ModelForm):
    """A tenant's key has the scopes that are chosen; one without a tenant is the platform's own."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in OF_TENANTS],
        widget=forms.CheckboxSelectMultiple,
        initial=BY_DEFAULT,
        required=False,
        help_text=_("What the key may do."),
    )

    class Meta:
        help_texts: ClassVar = {"tenant": ""}  # the field's own is for who chooses a tenant

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.tenant_id is None:
            cleaned["scopes"] = [KeyScope.PLATFORM]
        elif not cleaned.get("scopes"):
            self.add_error("scopes", _("Choose at least one."))
        return cleaned


class PlatformKeyForm(ApiKeyForm):
    """A key of the platform's own has one scope, which nobody chooses."""

    scopes = None  # type: ignore[assignment]


@admin.register(ApiKey)
class ApiKeyAdmin(ShownOnce):
    making = _("Make an API key")
    form = ApiKeyForm
    list_display = ["name", "tenant", "shown_prefix", "state_badge", "used", "expires"]
    list_select_related = ["tenant"]
    list_filter = [TenantFilter]
    sortable_by = ["shown_prefix", "name", "used", "expires"]
    search_fields = ["prefix__exact", "tenant__slug__exact"]
    search_help_text = _("The beginning of a key, ten characters, or a tenant's slug.")
    fields = ["tenant", "name", "scopes", "expires_at", "requests_per_second", "burst"]
    actions = ["revoke"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whose a key is, and when it was used, nobody changes."""
        moments = ["prefix", "created_at", "created_by", "revoked_at", "used_at"]
        return [*super().get_readonly_fields(request, obj), *(moments if obj else [])]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None and getattr(request, "owner", None) is None:
            return [name for name in self.fields if name not in ("tenant", "scopes")]
        return [*self.fields, *self.get_readonly_fields(request, obj)[1:]]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None and getattr(request, "owner", None) is None:
            kwargs["form"] = PlatformKeyForm
        return super().get_form(request, obj, change, **kwargs)

    def is_made_for_the_platform(self, request: HttpRequest) -> bool:
        """Such a key makes tenants and keys of any of them: superusers alone make one."""
        return PLATFORM in request.GET and request.user.is_superuser

    def other_ways(self, request: HttpRequest) -> list[tuple[str, Any]]:
        if not request.user.is_superuser:
            return []
        words = _("Make a key of the platform's own: it makes tenants, their keys and endpoints")
        return [(f"{reverse('admin:tenants_apikey_add')}?{PLATFORM}=yes", words)]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.created_by = request.user.get_username()
            if obj.tenant_id is None:
                obj.scopes = [KeyScope.PLATFORM]
            key = keys.new_key(is_platforms=obj.tenant_id is None)
            keys.keep(obj, key)
            request.new_key = key  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        key = request.new_key  # type: ignore[attr-defined]
        return self.show_once(request, obj, title=gettext("The new key"), key=key)

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
