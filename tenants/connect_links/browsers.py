"""Bind a browser to a connect link that it has opened, by a signed cookie of that link.

A cookie for each link, so that one that is opened in another tab, or forced upon the browser, takes
no page of the first away. It is no session: it opens nothing but its link's pages.
"""

import secrets
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tenants.models import ConnectLink

SALT = "tenants.connect_links.browsers"
PATH = "/connect/"
AFTERWARDS = 3600  # seconds that the outcome can be looked at after the link's end


def name_of(link_id: UUID) -> str:
    return f"connect_{link_id.hex}"


def key_in(request: HttpRequest, link_id: UUID) -> str | None:
    """Return the secret that this browser alone has for the link; None: it has not opened it."""
    try:
        named, key = Signer(salt=SALT).unsign_object(request.COOKIES.get(name_of(link_id), ""))
    except (BadSignature, UnicodeEncodeError):
        return None
    return key if named == link_id.hex else None


def bind(request: HttpRequest, response: HttpResponse, link: ConnectLink) -> None:
    """Give the browser a secret for the link, or let it keep the one that it has: other tabs of it
    go on. What we did not sign is replaced.
    """
    key = key_in(request, link.id) or secrets.token_urlsafe(24)
    lasts = int((link.expires_at - timezone.now()).total_seconds()) + AFTERWARDS
    response.set_cookie(
        name_of(link.id),
        Signer(salt=SALT).sign_object([link.id.hex, key]),
        max_age=lasts,
        path=PATH,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",  # Meta's page leads back from another site
    )
