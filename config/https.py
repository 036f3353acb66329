"""Django's settings of HTTPS: what holds where the public address is an https one."""

from typing import Any

YEAR = 365 * 24 * 3600


def https_settings(public_url: str, *, is_https: bool) -> dict[str, Any]:
    """Return the settings."""
    return {
        "SECURE_SSL_REDIRECT": is_https,
        "SECURE_REDIRECT_EXEMPT": [r"^(health(/ready)?|metrics)/?$"],  # asked inside by plain HTTP
        "SECURE_HSTS_SECONDS": YEAR if is_https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": is_https,
        "SECURE_HSTS_PRELOAD": is_https,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if is_https else None,
        "SESSION_COOKIE_SECURE": is_https,
        "CSRF_COOKIE_SECURE": is_https,
        "CSRF_TRUSTED_ORIGINS": [public_url] if is_https else [],
    }
