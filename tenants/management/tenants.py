"""The tenant that a command's --tenant names."""

from django.core.management.base import CommandError

from tenants.models import Tenant


def tenant_of(slug: str) -> Tenant:
    """Return the tenant, in the caller's scope. Raises CommandError."""
    try:
        return Tenant.objects.get(slug=slug)
    except Tenant.DoesNotExist:
        raise CommandError(f"There is no tenant {slug!r}. Create it with create_tenant.") from None
