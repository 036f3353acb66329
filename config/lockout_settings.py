"""Settings of django-axes, which counts failed sign-ins: see tenants/web/lockout.py."""

from typing import Any

LOCKOUT: dict[str, Any] = {
    "AXES_HANDLER": "tenants.web.lockout.Failures",
    "AXES_CLIENT_IP_CALLABLE": "tenants.web.lockout.address_of",
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_FAILURE_LIMIT": 5,
    "AXES_RESET_ON_SUCCESS": True,
    # Otherwise continued guessing would extend the lockout forever.
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
    "AXES_DISABLE_ACCESS_LOG": True,  # do not store who signed in and when
    "AXES_ENABLE_ADMIN": False,  # our own: tenants/admin/people/failed_sign_ins.py
    "AXES_VERBOSE": False,
    # Masked in the log.
    "AXES_SENSITIVE_PARAMETERS": ["username", "ip_address", "csrfmiddlewaretoken", "next"],
    "AXES_LOCKOUT_CALLABLE": "tenants.web.sign_in.page_as_it_is",
}
