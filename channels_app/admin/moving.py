"""The page that moves a channel's number to another tenant."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app import tasks
from channels_app.admin.orders import ChannelOrders
from channels_app.lifecycle import moving
from channels_app.models import Channel, is_token
from tenants.admin.confirming import keep
from tenants.models import Tenant


class MoveForm(forms.Form):
    tenant = forms.SlugField(
        label=_("Short name of the tenant that gets the number"), max_length=63
    )
    access_token = forms.CharField(
        label=_("A token of that tenant's"),
        max_length=4096,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "size": 60}),
        help_text=_(
            "It is sealed, and cannot be shown again. The provider is asked with it first."
        ),
    )

    def clean_tenant(self) -> Tenant:
        tenant = Tenant.objects.filter(slug=self.cleaned_data["tenant"]).first()
        if tenant is None:
            raise forms.ValidationError(_("No tenant has this short name."))
        return tenant

    def clean_access_token(self) -> str:
        token = self.cleaned_data["access_token"]
        if not is_token(token):
            raise forms.ValidationError(
                _("This holds characters that no token has. Copy it again, whole and alone.")
            )
        return token


class Moves(ChannelOrders):
    """Has a page that moves a number."""

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<uuid:channel_id>/move/",
            self.admin_site.admin_view(self.move),
            name="channels_channel_move",
        )
        return [own, *super().get_urls()]

    def move(self, request: HttpRequest, channel_id: UUID) -> HttpResponse:
        """Ask which tenant gets the number, and order it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        channel = self.get_queryset(request).select_related("tenant").filter(id=channel_id).first()
        if channel is None:
            raise Http404
        form = MoveForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (moved := self.begun(form, channel)):
            return self.ordered(request, channel, moved)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Move the number to another tenant"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "channel": channel,
            "words": self.in_words(channel),
        }
        return TemplateResponse(request, "admin/channels/channel/move.html", context)

    def begun(self, form: MoveForm, channel: Channel) -> Channel | None:
        tenant, token = form.cleaned_data["tenant"], form.cleaned_data["access_token"]
        try:
            return moving.begin(channel, tenant.id, token)
        except moving.NotMovable as refusal:
            form.add_error(None, str(refusal))
            return None

    def ordered(self, request: HttpRequest, channel: Channel, moved: Channel) -> HttpResponse:
        tasks.move_soon(moved, by_user_id=UUID(str(request.user.pk)))
        keep(request, Channel, [channel.id], f"Ordered to move to channel {moved.id}.")
        keep(request, Channel, [moved.id], f"Ordered to take the number of channel {channel.id}.")
        said = gettext(
            "The provider is being asked. The number moves as soon as it accepts the token; open"
            " this page again to see what it said."
        )
        self.message_user(request, said, messages.INFO)
        address = reverse("admin:channels_channel_change", args=[moved.id])
        return HttpResponseRedirect(address)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        context["may_move"] = bool(
            row
            and row.status in Channel.ROUTABLE
            and not row.is_test
            and self.has_change_permission(request)
        )
        return super().render_change_form(request, context, *args, **kwargs)
