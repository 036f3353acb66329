"""The OAuth state that ties Meta's answer to who asked: signed, for one session and one tenant,
valid for ten minutes.

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
    """Not ours, too old, or of another session."""


@dataclass(frozen=True, slots=True)
class State:
    tenant_id: UUID
    nonce: str


def make(tenant_id: UUID, session_key: str) -> str:
    told = {
        "tenant": str(tenant_id),
        "session": of_session(session_key),
        "nonce": secrets.token_urlsafe(24),
    }
    return signing.dumps(told, salt=SALT)


def read(text: str, session_key: str) -> State:
    """Raises StateRefused."""
    try:
        told = signing.loads(text, salt=SALT, max_age=LIFETIME_SECONDS)
    except (signing.BadSignature, UnicodeEncodeError):
        raise StateRefused("The state is not ours, or too old.") from None
    if not hmac.compare_digest(told["session"], of_session(session_key)):
        raise StateRefused("The state is of another session.")
    return State(UUID(told["tenant"]), told["nonce"])


def of_session(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()
