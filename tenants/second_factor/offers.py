"""The secret that is offered to an app, kept in the session until the app proves that it has it.
Sealed: sessions are rows.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from tenants.encryption import CannotOpen, seal, unseal
from tenants.models import User
from tenants.second_factor.codes import address_of, new_secret
from tenants.second_factor.pictures import Picture, picture_of

OFFERED = "second_factor_offered"  # in the session


def offered(request: HttpRequest, user: User) -> str:
    """Return the secret that this session offers: the same for each time that the page is shown."""
    belongs_to = f"users|offered second factor|{user.pk}"
    try:
        return unseal(request.session.get(OFFERED, ""), belongs_to, "The secret that is offered")
    except CannotOpen:
        secret = new_secret()
        request.session[OFFERED] = seal(secret, belongs_to)
        return secret


def forget(request: HttpRequest) -> None:
    request.session.pop(OFFERED, None)


def shown(secret: str, user: User) -> tuple[Picture, str]:
    """Return the picture of a secret, and the secret in groups, for who types it."""
    site = urlsplit(settings.PUBLIC_URL).hostname or ""
    groups = (secret[start : start + 4] for start in range(0, len(secret), 4))
    return picture_of(address_of(secret, user=user.get_username(), site=site)), " ".join(groups)
