"""Make API keys. A key is 256 random bits behind a prefix that secret scanners can look for; its
SHA-256 is stored, and the key itself is shown once.
"""

import hashlib
import re
import secrets
import string
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tenants.models import ApiKey

BEGINNING, OF_PLATFORM = "msk_", "msp_"
ALPHABET = string.ascii_letters + string.digits
LENGTH = 43  # of this alphabet: 256 bits
SHOWN = len(BEGINNING) + 6
FORM = re.compile(rf"(?:{BEGINNING}|{OF_PLATFORM})[A-Za-z0-9]{{{LENGTH}}}")


def hash_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def new_key(*, is_platforms: bool) -> str:
    beginning = OF_PLATFORM if is_platforms else BEGINNING
    return beginning + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def create(
    tenant_id: UUID | None,
    name: str,
    scopes: Iterable[str],
    *,
    expires_at: datetime | None = None,
    by: str = "",
) -> tuple[ApiKey, str]:
    """Store a new key of the tenant, None: of the platform, in the caller's scope. Returns its row
    and the key, which cannot be read again.
    """
    row = ApiKey(
        tenant_id=tenant_id,
        name=name,
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        created_by=by,
    )
    key = new_key(is_platforms=tenant_id is None)
    keep(row, key)
    return row, key


def keep(row: ApiKey, key: str) -> None:
    """Store a new row with the hash of its key."""
    row.prefix, row.hash = key[:SHOWN], hash_of(key)
    row.save(force_insert=True)
