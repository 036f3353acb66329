"""The page on which a tenant's own people download a file. It runs in their tenant's scope."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from messaging.media.responses import attachment
from messaging.models import Media
from tenants.members.memberships import members_only


@require_safe
@members_only
def media_file(request: HttpRequest, media_id: UUID) -> FileResponse:
    """Return a stored file. Raises Http404 for one that is not fetched yet, or another tenant's."""
    return attachment(get_object_or_404(Media, id=media_id, status=Media.Status.STORED))
