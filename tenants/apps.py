from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """`grants`: table -> role -> what it may do; `prepare_database` makes the database match. "app"
    is whoever opens tenants' scopes, "door" whoever puts webhooks in: both the runtime role, or
    each some logins of hardened mode (`tenants/database/logins.py`).
    """

    name = "tenants"
    verbose_name = _("Tenants")
    grants = {
        "tenants": {
            "app": "SELECT, UPDATE (auto_reply)",
            "msg_router": "SELECT",
            "msg_operator": "SELECT, INSERT, UPDATE, DELETE",
            "msg_resolver": "SELECT (id, slug, name, status)",
        },
        "api_keys": {
            "msg_operator": "SELECT, INSERT, UPDATE, DELETE",
            "msg_resolver": (
                "SELECT (id, tenant_id, hash, scopes, requests_per_second, burst, expires_at,"
                " revoked_at, used_at, tokens), UPDATE (used_at, tokens)"
            ),
        },
        "use_api_key": {"app": "EXECUTE"},
        "connect_links": {
            "app": "SELECT, INSERT, UPDATE (opened_at)",
            "msg_operator": "SELECT, INSERT, UPDATE (used_at, channel_id)",
            "msg_resolver": "SELECT (id, tenant_id)",
        },
        "tenant_of_connect_link": {"msg_auth": "EXECUTE"},
        "audit_entries": {
            "msg_operator": "SELECT, INSERT",
            "msg_auth": "INSERT",
            "msg_resolver": "SELECT (id, at), DELETE",
        },
        "purge_audit_entries": {"msg_operator": "EXECUTE"},
        "memberships": {
            "app": "SELECT, INSERT, UPDATE, DELETE",
            "msg_operator": "SELECT, INSERT, UPDATE, DELETE",
            "msg_resolver": "SELECT (id, tenant_id, user_id, role, created_at)",
        },
        "memberships_of": {"msg_auth": "EXECUTE"},
        "colleagues": {"app": "EXECUTE"},
        "invitations": {
            "app": "SELECT, INSERT, UPDATE, DELETE",
            "msg_operator": "SELECT, INSERT, UPDATE, DELETE",
        },
        "password_resets": {"msg_auth": "SELECT, INSERT, DELETE"},
        "defer_password_reset": {"msg_auth": "EXECUTE"},
        "defer_for_tenant": {"app": "EXECUTE"},
        "second_factors": {"msg_auth": "SELECT, INSERT, UPDATE, DELETE"},
        "recovery_codes": {"msg_auth": "SELECT, INSERT, DELETE"},
        "users": {
            "msg_auth": "SELECT, INSERT, UPDATE, DELETE",
            "msg_resolver": "SELECT (id, username, is_active)",
        },
        "users_groups": {"msg_auth": "SELECT, INSERT, UPDATE, DELETE"},
        "users_user_permissions": {"msg_auth": "SELECT, INSERT, UPDATE, DELETE"},
        "auth_group": {"msg_auth": "SELECT, INSERT, UPDATE, DELETE"},
        "auth_group_permissions": {"msg_auth": "SELECT, INSERT, UPDATE, DELETE"},
        "auth_permission": {"msg_auth": "SELECT"},
        "django_admin_log": {"msg_auth": "SELECT, INSERT"},
        "django_content_type": {"msg_auth": "SELECT"},
        "django_session": {"msg_auth": "SELECT, INSERT, UPDATE, DELETE"},
        "axes_accessattempt": {"msg_auth": "SELECT, INSERT, UPDATE, DELETE"},
        "axes_accessattemptexpiration": {"msg_auth": "SELECT, DELETE"},
        "axes_accessfailurelog": {"msg_auth": "SELECT"},
        "axes_accesslog": {"msg_auth": "SELECT"},
        "django_migrations": {"app": "SELECT", "door": "SELECT", "msg_operator": "SELECT"},
    }

    def ready(self) -> None:
        from tenants import checks  # noqa: F401  registers the system checks
        from tenants.naming import make_translatable
        from tenants.replica import checks as of_replica  # noqa: F401  as well

        ours = [config for config in apps.get_app_configs() if hasattr(config, "grants")]
        make_translatable(model for config in ours for model in config.get_models())
