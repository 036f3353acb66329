"""The OAuth state that ties Meta's answer to who asked: signed, for one tenant and one browser,
which is a member's session or has opened a connect link; valid for ten minutes.

That it is used once is the database's business: its nonce is stored with the first use.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.core import signing

SALT = "whatsapp.connect"
LIFETIME_SECONDS = 600


class StateRefused(Exception):
    """Not ours, too old, of another browser, or of another link."""


@dataclass(frozen=True, slots=True)
class State:
    tenant_id: UUID
    nonce: str


def make(tenant_id: UUID, browser: str, link_id: UUID | None = None) -> str:
    """`browser`: the key of a member's session, or the browser's secret for the link."""
    told = {
        "tenant": str(tenant_id),
        "session": of_browser(browser),
        "nonce": secrets.token_urlsafe(24),
    }
    return signing.dumps(told | ({"link": link_id.hex} if link_id else {}), salt=SALT)


def link_of(text: str) -> UUID | None:
    """Return the link that a state was made for, however old it is; None: it was made for a member,
    or not by us. Who brings it is not proven by that.
    """
    try:
        link = signing.loads(text, salt=SALT).get("link")
    except (signing.BadSignature, UnicodeEncodeError):
        return None
    return UUID(link) if link else None


def read(text: str, browser: str, link_id: UUID | None = None) -> State:
    """Raises StateRefused."""
    try:
        told = signing.loads(text, salt=SALT, max_age=LIFETIME_SECONDS)
    except (signing.BadSignature, UnicodeEncodeError):
        raise StateRefused("The state is not ours, or too old.") from None
    if not hmac.compare_digest(told["session"], of_browser(browser)):
        raise StateRefused("The state is of another browser.")
    if told.get("link") != (link_id.hex if link_id else None):
        raise StateRefused("The state is of another link, or of none.")
    return State(UUID(told["tenant"]), told["nonce"])


def of_browser(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()
