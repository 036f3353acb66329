"""Tenants and the base of every tenant's row, the people who sign in, the keys of the API, links
that connect a channel, and the audit log.
"""

from tenants.models.api_key import BY_DEFAULT, OF_TENANTS, ApiKey, ApiKeyManager, KeyScope
from tenants.models.audit_entry import AuditEntry
from tenants.models.connect_link import ConnectLink
from tenants.models.people import Invitation, Membership, PasswordReset, User
from tenants.models.second_factor import RecoveryCode, SecondFactor
from tenants.models.tenant import Row, Tenant, TenantManager, TenantModel, TenantsThemselves

__all__ = [
    "BY_DEFAULT",
    "OF_TENANTS",
    "ApiKey",
    "ApiKeyManager",
    "AuditEntry",
    "ConnectLink",
    "Invitation",
    "KeyScope",
    "Membership",
    "PasswordReset",
    "RecoveryCode",
    "Row",
    "SecondFactor",
    "Tenant",
    "TenantManager",
    "TenantModel",
    "TenantsThemselves",
    "User",
]
