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
    key = fill(row)
    row.save(force_insert=True)
    return row, key


def fill(row: ApiKey) -> str:
    """Make a new key and set its hash and prefix in the row; not saved. Returns the key."""
    beginning = BEGINNING if row.tenant_id else OF_PLATFORM
    key = beginning + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row.prefix, row.hash = key[:SHOWN], hash_of(key)
    return key
