"""The page on which a tenant's own people download a file. It runs in their tenant's scope."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from messaging.media.responses import attachment_after_transaction
from messaging.models import Media
from tenants.members.memberships import members_only


@require_safe
@members_only
def media_file(request: HttpRequest, media_id: UUID) -> HttpResponse:
    """Return a stored file. Raises Http404 for one that is not fetched yet, or another tenant's."""
    media = get_object_or_404(Media, id=media_id, status=Media.Status.STORED)
    return attachment_after_transaction(media)
