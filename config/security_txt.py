"""/.well-known/security.txt (RFC 9116): whom to tell of a weakness."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

VALID_FOR = timedelta(days=180)  # RFC 9116 recommends less than a year
TEXT = "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\nCanonical: {canonical}\n"


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return the file, valid for VALID_FOR from now on. Raises Http404 without SECURITY_CONTACT."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.now(UTC).replace(microsecond=0) + VALID_FOR
    text = TEXT.format(
        contact=settings.SECURITY_CONTACT,
        expires=expires.isoformat().replace("+00:00", "Z"),
        canonical=f"{settings.PUBLIC_URL}{request.path}",
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
