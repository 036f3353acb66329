"""Tenants and the base of every tenant's row, the people who sign in, and the keys of the API."""

from tenants.models.api_key import OF_TENANTS, ApiKey, ApiKeyManager, KeyScope
from tenants.models.people import Invitation, Membership, PasswordReset, User
from tenants.models.tenant import Row, Tenant, TenantManager, TenantModel, TenantsThemselves

__all__ = [
    "OF_TENANTS",
    "ApiKey",
    "ApiKeyManager",
    "Invitation",
    "KeyScope",
    "Membership",
    "PasswordReset",
    "Row",
    "Tenant",
    "TenantManager",
    "TenantModel",
    "TenantsThemselves",
    "User",
]
