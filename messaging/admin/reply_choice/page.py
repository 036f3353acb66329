"""The page on which a strategy is chosen, set and taken back. It needs no script: the strategy
stands in the address, and its form below.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from channels_app.models import Channel
from messaging.admin.reply_choice.forms import changed, chosen_by, form_of
from messaging.admin.reply_choice.subject import Owner, Subject, subject_of
from messaging.models import ReplyChoice
from messaging.replies import choosing
from messaging.replies.registry import choosable
from tenants import audit
from tenants.admin import HistoryAdmin
from tenants.admin.beside import SetsBeside
from tenants.models import Tenant

FOLDER = "admin/messaging/replychoice"
STRATEGY = "strategy"  # in the address
TAKE_BACK = "take_back"  # the button


class ChoosingPage(SetsBeside, HistoryAdmin):
    """Whoever may change a tenant or a channel may choose for it."""

    def get_urls(self) -> list[URLPattern]:
        of_tenant = path(
            "tenant/<uuid:tenant_id>/",
            self.admin_site.admin_view(self.of_tenant),
            name="messaging_replychoice_of_tenant",
        )
        of_channel = path(
            "channel/<uuid:channel_id>/",
            self.admin_site.admin_view(self.of_channel),
            name="messaging_replychoice_of_channel",
        )
        return [of_tenant, of_channel, *super().get_urls()]

    def of_tenant(self, request: HttpRequest, tenant_id: UUID) -> HttpResponse:
        return self.page(request, Tenant, tenant_id)

    def of_channel(self, request: HttpRequest, channel_id: UUID) -> HttpResponse:
        return self.page(request, Channel, channel_id)

    def page(self, request: HttpRequest, model: type[Owner], id: UUID) -> HttpResponse:
        """Show what answers and what is set of it, and carry out what was ordered."""
        shown = self.admin_site.get_model_admin(model)
        may_change = shown.has_change_permission(request)
        if not (may_change or (request.method == "GET" and shown.has_view_permission(request))):
            raise PermissionDenied
        request.is_noted = True  # type: ignore[attr-defined]  # by itself, what it changes
        row: Any = get_object_or_404(shown.get_queryset(request), pk=id)
        subject = subject_of(row)
        if TAKE_BACK in request.POST:
            return self.taken_back(request, subject)
        own = subject.own
        name = request.GET.get(STRATEGY) or (own.strategy if own else "")
        strategy = choosable().get(name)
        data = request.POST if request.method == "POST" else None
        form = form_of(strategy, own, data) if strategy else None
        if (
            strategy
            and form
            and data is not None
            and (choice := chosen_by(form, subject, strategy))
        ):
            return self.saved(request, subject, choice, changed(form, choice))
        if form and not may_change:
            for field in form.fields.values():
                field.disabled = True
        return self.rendered(
            request,
            {
                "subject": subject,
                "chosen": name,
                "chosen_label": strategy.label if strategy else "",
                "missing": request.GET.get(STRATEGY) and strategy is None,
                "form": form,
                "may_change": may_change,
            },
        )

    def rendered(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context |= {
            **self.admin_site.each_context(request),
            "title": _("Automatic replies"),
            "opts": self.opts,
            "media": self.media,
            "offered": [(name, each.label) for name, each in choosable().items()],
            "in_address": STRATEGY,
            "take_back": TAKE_BACK,
        }
        return TemplateResponse(request, f"{FOLDER}/choose.html", context)

    def saved(
        self, request: HttpRequest, subject: Subject, choice: ReplyChoice, fields: list[str]
    ) -> HttpResponse:
        self.note(request, audit.Action.CHANGE, choice, fields=fields)
        said = _("Saved. It answers from the next message on.")
        self.message_user(request, said, messages.SUCCESS)
        return redirect(subject.address)

    def taken_back(self, request: HttpRequest, subject: Subject) -> HttpResponse:
        """Take the choice back, if a colleague has not done so."""
        if own := subject.own:
            choosing.forget(subject.tenant.id, subject.channel_id)
            self.note(request, audit.Action.DELETE, own)
        said = _("Taken back. “{strategy}” answers from the next message on.")
        said = said.format(strategy=subject.above.label)
        self.message_user(request, said, messages.SUCCESS)
        return redirect(subject.address)

    def note(
        self, request: HttpRequest, action: audit.Action, choice: ReplyChoice, **detail: Any
    ) -> None:
        """Add to the audit log which strategy it was, and the names of settings: no value."""
        owned = audit.of_rows([choice])
        audit.record(request.user, action, ReplyChoice, owned, strategy=choice.strategy, **detail)

    def told_of(self, request: HttpRequest, row: Any) -> SafeString | str:
        if not isinstance(row, Tenant | Channel):
            return ""
        return render_to_string(f"{FOLDER}/told.html", {"subject": subject_of(row)})
