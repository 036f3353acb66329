"""Make connect links. One that is made is shown once: its row alone does not tell it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from tenants.connect_links import return_addresses
from tenants.connect_links.opening import address_of
from tenants.members.connect_pages import link_pages
from tenants.models import ConnectLink, Tenant

LONGEST = timedelta(days=30)

NO_PAGE = 'No link connects a channel of the kind "{}".'
ONLY = " There are links for: {}."
NO_TIME = "The expiry must be a moment with a time zone."
PAST = "The expiry is in the past."
TOO_FAR = f"The expiry may be {LONGEST.days} days ahead at most."
NO_TENANT = "There is no such tenant."
SUSPENDED = "The tenant is suspended: links are made for it again once it is active."


class LinkRefused(ValueError):
    """No link was made; the message is a sentence for whoever asked for it."""


class KindRefused(LinkRefused):
    """There is no page on which a link connects channels of the kind."""


class ReturnAddressRefused(LinkRefused):
    """Nobody is led to such an address."""


class ExpiryRefused(LinkRefused):
    """Links live until a moment within the next 30 days."""


class TenantRefused(LinkRefused):
    """The tenant is suspended, or not there."""


def create(tenant_id: UUID, kind: str, return_url: str, expires_at: datetime, by: str) -> str:
    """Store a link of the tenant, in its scope or the operator's, and return the link's address.
    Raises LinkRefused, by what is wrong. `by`: who asked for it, in words.
    """
    link = new(tenant_id, kind, return_url, expires_at, by)
    link.save(force_insert=True)
    return address_of(link)


def new(tenant_id: UUID, kind: str, return_url: str, expires_at: datetime, by: str) -> ConnectLink:
    """Return the link, not saved yet. Raises LinkRefused."""
    check_kind(kind)
    if fault := return_addresses.fault_of(return_url):
        raise ReturnAddressRefused(fault)
    check_expiry(expires_at)
    tenant = Tenant.objects.filter(id=tenant_id).first()
    if tenant is None:
        raise TenantRefused(NO_TENANT)
    if tenant.status != Tenant.Status.ACTIVE:
        raise TenantRefused(SUSPENDED)
    return ConnectLink(
        tenant=tenant, kind=kind, return_url=return_url, expires_at=expires_at, created_by=by[:150]
    )


def check_kind(kind: str) -> None:
    kinds = sorted(link_pages())
    if kind not in kinds:
        raise KindRefused(NO_PAGE.format(kind) + (ONLY.format(", ".join(kinds)) if kinds else ""))


def check_expiry(expires_at: datetime) -> None:
    if timezone.is_naive(expires_at):
        raise ExpiryRefused(NO_TIME)
    now = timezone.now()
    if expires_at <= now:
        raise ExpiryRefused(PAST)
    if expires_at > now + LONGEST:
        raise ExpiryRefused(TOO_FAR)
