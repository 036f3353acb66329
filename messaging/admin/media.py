"""Files of messages: what has become of each, and the file itself."""

from collections.abc import Collection
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.admin.thread_page.bubbles import FILES
from messaging.media import tasks
from messaging.media.pictures import picture_after_transaction
from messaging.media.responses import attachment_after_transaction
from messaging.media.transfer import fetch_again
from messaging.models import Media
from tenants.admin import HistoryAdmin, times
from tenants.admin.confirming import order
from tenants.admin.filters import WordFilter
from tenants.admin.lists.tenant_filter import TenantFilter


class KindFilter(WordFilter):
    title = _("kind")
    parameter_name = "kind"
    words: ClassVar = {kind: (said, Q(kind=kind)) for kind, said in FILES.items()}


class RetriedFilter(WordFilter):
    """Whether fetching or storing it has failed for longer than a fault passes by itself."""

    title = _("tried again")
    parameter_name = "retried"
    words: ClassVar = {
        "yes": (
            _("Yes, for more than five minutes"),
            Q(status=Media.Status.PENDING, created_at__lt=Now() - timedelta(minutes=5))
            & ~Q(error=""),
        )
    }


@admin.register(Media)
class MediaAdmin(HistoryAdmin):
    holds_texts = True
    list_display = [
        "created",
        "tenant",
        "kind",
        "__str__",
        "mime_type",
        "size_shown",
        "status",
        "error",
    ]
    list_select_related = ["tenant"]
    list_filter = [TenantFilter, "status", RetriedFilter, KindFilter]
    found_by_index = frozenset(
        {TenantFilter.parameter_name, "status__exact", RetriedFilter.parameter_name}
    )
    searched_by_index = False
    search_fields = ["external_id__exact", "sha256__exact", "tenant__slug__exact"]
    fields = [
        "tenant",
        "channel",
        "kind",
        "shown_name",
        "mime_type",
        "size_shown",
        "sha256",
        "status",
        "error",
        "download",
        "stored_at",
        "id",
    ]
    readonly_fields = ["shown_name", "size_shown", "download"]
    actions = ["fetch"]

    @order(
        _("Fetch again what failed"),
        permission="fetch",
        done=_("fetched again"),
        otherwise=_("Only what failed, or waits for its next try, can be."),
        noun=(_("file"), _("files")),
    )
    def fetch(self, request: HttpRequest, queryset: QuerySet[Media]) -> Collection[UUID]:
        again = fetch_again(list(queryset.values_list("id", flat=True)))
        tasks.fetch_soon(again)
        return [media.id for media in again]

    def has_fetch_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_media")

    @admin.display(description=_("created"))
    def created(self, media: Media) -> SafeString | str:
        return times.ago(media.created_at)

    @admin.display(description=_("size"))
    def size_shown(self, media: Media) -> str:
        return filesizeformat(media.size) if media.size else self.get_empty_value_display()

    @admin.display(description=_("filename"))
    def shown_name(self, media: Media) -> str:
        return media.name

    @admin.display(description=_("file"))
    def download(self, media: Media) -> SafeString | str:
        if media.status != Media.Status.STORED:
            return media.get_status_display()
        address = reverse("admin:messaging_media_file", args=[media.id])
        return format_html('<a href="{}">{}</a>', address, gettext("Download"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<uuid:media_id>/{word}/",
                self.admin_site.admin_view(view),
                name=f"messaging_media_{word}",
            )
            for word, view in (("file", self.file), ("picture", self.picture))
        ]
        return [*own, *super().get_urls()]

    def file(self, request: HttpRequest, media_id: UUID) -> HttpResponse:
        return attachment_after_transaction(self.stored(request, media_id))

    def picture(self, request: HttpRequest, media_id: UUID) -> HttpResponse:
        return picture_after_transaction(self.stored(request, media_id))

    def stored(self, request: HttpRequest, media_id: UUID) -> Media:
        """Return the file. Raises PermissionDenied, or Http404 for one that is not fetched."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        media = self.get_queryset(request).filter(id=media_id, status=Media.Status.STORED).first()
        if media is None:
            raise Http404
        return media
