"""Who asks: the key in the Authorization header, its rate limit, and its scopes."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tenants.api.problems import Problem
from tenants.api_keys.callers import Caller, RateLimit, caller_of

SCHEME = "bearer"
READING = ("GET", "HEAD")
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="messaging"'}
NO_KEY = "Send the key in the header Authorization: Bearer KEY."
WRONG_KEY = "The key is not known, expired or revoked."
TOO_MANY = "The key's rate limit is reached: {} requests a second, {} at once."
SUSPENDED = "The business is suspended: it can be read, and nothing can be changed or sent."


class BearerKey(BaseAuthentication):
    """Authenticate by an API key. The key in any other place is not looked for."""

    def authenticate(self, request: Request) -> tuple[Caller, Caller]:
        """Return the caller. Raises Problem 401 and 429."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME or not key.strip():
            raise Problem(401, "no_key", NO_KEY, headers=CHALLENGE)
        caller = caller_of(key.strip())
        if caller is None:
            raise Problem(401, "invalid_key", WRONG_KEY, headers=CHALLENGE)
        # for the answer, whatever it is
        request._request.rate_limit = caller.limit  # type: ignore[attr-defined]
        if not caller.is_allowed:
            limit = caller.limit
            raise Problem(
                429,
                "rate_limited",
                TOO_MANY.format(limit.per_second, limit.burst),
                headers={"Retry-After": str(limit.seconds_until_next)},
            )
        return caller, caller


class HasScope(BasePermission):
    """Let a key do what its scopes name. A view says in `scopes` which one each method needs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return True. Raises Problem 403, with a sentence that says what is missing."""
        needed = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if needed is None:
            return True  # the method is not there, which the view says itself
        caller: Any = request.auth
        if needed not in caller.scopes:
            raise Problem(403, "missing_scope", f"The key lacks the scope {needed}.")
        if not caller.is_active and request.method not in READING:
            raise Problem(403, "tenant_suspended", SUSPENDED)
        return True


def rate_limit_headers(limit: RateLimit) -> dict[str, str]:
    """Return the headers that tell a key's limit (draft "RateLimit header fields for HTTP")."""
    window = max(1, limit.burst // limit.per_second)
    return {
        "RateLimit-Policy": f'"key";q={limit.burst};w={window}',
        "RateLimit": f'"key";r={limit.remaining};t={limit.seconds_until_full}',
    }
