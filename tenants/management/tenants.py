"""The tenant that a command's --tenant names, or the platform."""

from django.core.management.base import CommandError, CommandParser

from tenants.models import Tenant


def tenant_of(slug: str) -> Tenant:
    """Return the tenant, in the caller's scope. Raises CommandError."""
    try:
        return Tenant.objects.get(slug=slug)
    except Tenant.DoesNotExist:
        raise CommandError(f"There is no tenant {slug!r}. Create it with create_tenant.") from None


def add_owner(parser: CommandParser, platforms: str) -> None:
    """Let a command be asked for a tenant's keys, or for the platform's own. `platforms`: the help
    of --platform.
    """
    owner = parser.add_mutually_exclusive_group(required=True)
    owner.add_argument("--tenant", metavar="SLUG")
    owner.add_argument("--platform", action="store_true", help=platforms)


def owner_of(slug: str | None) -> Tenant | None:
    """Return the tenant, None: the platform, in the caller's scope. Raises CommandError."""
    return tenant_of(slug) if slug else None
