"""Requests that carry a channel's token to the address that Meta named for a file: to Meta's hosts
alone, past the SSRF guard.
"""

from collections.abc import Iterable, Mapping

import requests

from channels_app.http import safe_http
from channels_app.http.public_addresses import NotPublic
from whatsapp.media import allowed_hosts


def request(
    method: str,
    url: object,
    *,
    token: str,
    seconds: float,
    each_step: float = safe_http.STEP_SECONDS,
    headers: Mapping[str, str] | None = None,
    body: Iterable[bytes] | None = None,
) -> requests.Response:
    """Return the answer as safe_http.request does. Raises HostRefused, and whatever a network
    raises.
    """
    try:
        return safe_http.request(
            method,
            allowed_hosts.check(url),
            seconds=seconds,
            each_step=each_step,
            headers={"Authorization": f"Bearer {token}", **(headers or {})},
            body=body,
            exempt=allowed_hosts.exempt(),
        )
    except NotPublic as refused:
        raise allowed_hosts.HostRefused(
            f"The host of the file's address, {refused.host}, leads into a network that is not"
            " public."
        ) from None
