"""Lockout of sign-ins: a name at an address after a few failures, and an address after many,
whatever the names.

django-axes counts them in the database, for all processes; failures older than AXES_COOLOFF_TIME
count no more.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from tenants.passwords import TooManyChecks

OFTEN = 10  # an address may fail so many times as often as a name at it: people share one
NOWHERE = "0.0.0.0"  # noqa: S104  a socket file has no address


class Failures(AxesDatabaseHandler):
    """Count failures. A success clears those of its own name alone: else one's own account would
    pay for guesses at others.
    """

    def is_allowed(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        """Return whether the name may try now. Raises TooManyChecks while the name is being tried
        at the address: that may be the failure that locks it.
        """
        name = f"{request.axes_ip_address} {get_client_username(request, credentials)}"  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            (is_alone,) = cursor.fetchone()
        if not is_alone:
            raise TooManyChecks
        return super().is_allowed(request, credentials)

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Return the number of failures as the limit of a name counts them."""
        since = get_cool_off_threshold(request)
        address = request.axes_ip_address  # type: ignore[attr-defined]
        of_address = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
        total = of_address.aggregate(total=Sum("failures_since_start"))["total"] or 0
        return max(super().get_failures(request, credentials), total // OFTEN)

    def user_login_failed(
        self, sender: Any, credentials: dict, request: Any = None, **more: Any
    ) -> None:
        """Note a failure, and nothing else of the form: any field of it may hold a password."""
        asked, filled_in = request.GET, request.POST
        request.GET = request.POST = QueryDict()
        try:
            super().user_login_failed(sender, credentials, request, **more)
        finally:
            request.GET, request.POST = asked, filled_in


def forget() -> None:
    """Delete failures that count no more. Within auth_scope."""
    AccessAttempt.objects.filter(
        attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME
    ).delete()


def address_of(request: HttpRequest) -> str:
    """Return where the request comes from, as the first of our own PROXY_COUNT proxies saw it;
    earlier entries of X-Forwarded-For are only claimed. Of IPv6 it is the network, all of which one
    client has.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    hops = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), peer]
    seen = hops[-min(settings.PROXY_COUNT + 1, len(hops))]
    return str(address(seen) or address(peer) or NOWHERE)


def address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address in 192.0.2.1, 192.0.2.1:443, 2001:db8::1 or [2001:db8::1]:443; None: it is
    no address.
    """
    host, bracket, _ = text.strip().removeprefix("[").partition("]")
    if not bracket and host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return None
    if isinstance(found, IPv4Address):
        return found
    return found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64)
