"""Recognise the key of a request: whose it is, what it may do, and whether it may ask once more.

One statement outside any scope: a function of the database, because no scope's role sees the keys
of every tenant (tenants/migrations/0010_use_of_api_keys.py).
"""

import math
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tenants.api_keys.keys import FORM, hash_of

USE = """
    SELECT key_id, tenant_id, is_active, scopes, requests_per_second, burst, is_allowed, tokens
    FROM use_api_key(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """A token bucket as one request left it: `tokens` of `burst`, refilled at `per_second`."""

    per_second: int
    burst: int
    tokens: float

    @property
    def remaining(self) -> int:
        return int(self.tokens)

    @property
    def seconds_until_full(self) -> int:
        return math.ceil((self.burst - self.tokens) / self.per_second)

    @property
    def seconds_until_next(self) -> int:
        """Return after how many seconds, at least one, the next request is allowed."""
        return max(1, math.ceil((1 - self.tokens) / self.per_second))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls the API. `tenant_id`: None for a key of the platform; `is_active`: the tenant is
    not suspended; `is_allowed`: the rate limit allows the request.
    """

    key_id: UUID
    tenant_id: UUID | None
    is_active: bool
    scopes: frozenset[str]
    is_allowed: bool
    limit: RateLimit


def caller_of(key: str) -> Caller | None:
    """Return whose key it is, and count the request; None: nobody's, or it is expired or revoked.

    Call it outside any transaction: the key's row is locked until the commit.
    """
    if not FORM.fullmatch(key):
        return None
    with connection.cursor() as cursor:
        cursor.execute(USE, [hash_of(key)])
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, tenant_id, is_active, scopes, per_second, burst, is_allowed, tokens = row
    return Caller(
        key_id=key_id,
        tenant_id=tenant_id,
        is_active=is_active,
        scopes=frozenset(scopes),
        is_allowed=is_allowed,
        limit=RateLimit(per_second=per_second, burst=burst, tokens=tokens),
    )
