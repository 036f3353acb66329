"""Process again what came within a time: counted first, and bounded."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from channels_app import providers
from messaging.models import DeadLetter, WebhookDelivery
from tenants.admin import HistoryAdmin
from tenants.admin.confirming import TYPED, in_the_log, is_typed, keep

MOST = 1000  # deliveries of one order
MINUTES = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeField):
    """A moment in the time zone of the page, as browsers ask for one."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format=MINUTES, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[MINUTES, f"{MINUTES}:%S"], **options)


class RangeForm(forms.Form):
    since = Moment(label=_("Received from"))
    until = Moment(label=_("Received before"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=lambda: [("", _("every kind")), *((kind, kind) for kind in providers.kinds())],
    )
    only_aside = forms.BooleanField(
        label=_("Only those of which something was set aside"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and given["since"] >= given["until"]:
            self.add_error("until", _("The end must be later than the beginning."))
        return given

    def found(self) -> list[UUID]:
        """Return the deliveries that are meant, one more than MOST of them at most."""
        since, until, kind = (self.cleaned_data[name] for name in ("since", "until", "kind"))
        if self.cleaned_data["only_aside"]:
            return DeadLetter.objects.deliveries_of(since, until, kind=kind, at_most=MOST + 1)
        rows = WebhookDelivery.objects.processed_of(since, until, kind=kind, at_most=MOST + 1)
        return list(rows.values_list("id", flat=True))


class RangeOrders(HistoryAdmin):
    """Has a page that processes again what came within a time."""

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "process-again/",
            self.admin_site.admin_view(self.process_range),
            name="messaging_webhookdelivery_range",
        )
        return [own, *super().get_urls()]

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_webhookdelivery")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {"may_process_again": self.has_replay_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def process_range(self, request: HttpRequest) -> HttpResponse:
        """Ask for a time, then say how many there are, then process so many again."""
        if not self.has_replay_permission(request):
            raise PermissionDenied
        form = RangeForm(request.POST if request.method == "POST" else None)
        found = form.found() if form.is_valid() else None
        if found and len(found) <= MOST and is_typed(request, len(found)):
            return self.processed(request, found)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Process again what came within a time"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "said": "" if found is None else words_of(len(found)),
            "number": len(found or ()),
            "may_confirm": bool(found) and len(found or ()) <= MOST,
            "typed": TYPED,
            "is_mistyped": TYPED in request.POST,
        }
        return TemplateResponse(request, "admin/messaging/webhookdelivery/range.html", context)

    def processed(self, request: HttpRequest, ids: list[UUID]) -> HttpResponse:
        again = WebhookDelivery.objects.process_again(ids)
        keep(request, WebhookDelivery, again, in_the_log(_("processed again")))
        said = gettext("{number} of {found} deliveries are processed again.").format(
            number=len(again), found=len(ids)
        )
        rest = gettext("The rest is being processed already.") if len(again) < len(ids) else ""
        level = messages.WARNING if rest else messages.SUCCESS
        self.message_user(request, f"{said} {rest}".strip(), level)
        return HttpResponseRedirect(reverse("admin:messaging_webhookdelivery_changelist"))


def words_of(number: int) -> str:
    if number > MOST:
        return gettext("More than {most} deliveries came then. Choose a shorter time.").format(
            most=MOST
        )
    return ngettext("{number} delivery is meant.", "{number} deliveries are meant.", number).format(
        number=number
    )
