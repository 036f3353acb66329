"""appsecret_proof: shows the Graph API that who calls with a token is the app it was given to."""

import hashlib
import hmac

from django.conf import settings


def proof(token: str) -> dict[str, str]:
    """The parameter that goes with a token; none where the app's secret is not set, or where there
    is no token.
    """
    if not settings.META_APP_SECRET or not token:
        return {}
    secret, signed = settings.META_APP_SECRET.encode(), token.encode("utf-8", "surrogatepass")
    return {"appsecret_proof": hmac.new(secret, signed, hashlib.sha256).hexdigest()}
