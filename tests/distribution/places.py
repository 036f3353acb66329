"""Where each table would lie on Citus. A table that is not listed fails the test."""

from enum import StrEnum

COLUMN = "tenant_id"


class Place(StrEnum):
    """DISTRIBUTED: in shards by COLUMN, all of them together. REFERENCE: a whole copy on each node.
    COORDINATOR: an ordinary table of the coordinator.
    """

    DISTRIBUTED = "by tenant_id"
    REFERENCE = "reference"
    COORDINATOR = "coordinator"


DISTRIBUTED = [
    "channel_events",
    "channel_paces",
    "channel_probes",
    "connect_links",
    "contact_changes",
    "contact_identities",
    "contacts",
    "conversation_owner_changes",
    "conversations",
    "deferred_replies",
    "erased_messages",
    "erasures",
    "events",
    "idempotency_keys",
    "invitations",
    "media",
    "media_uploads",
    "memberships",
    "message_attempts",
    "message_resends",
    "message_settlements",
    "message_statuses",
    "message_templates",
    "messages",
    "reply_choices",
    "thread_orders",
    "whatsapp_signups",
]
# small, and unique across tenants (a number, a slug, a name) or pointed at from every shard
REFERENCE = ["channels", "tenants", "users"]
# of the platform, of no tenant yet, or of either: a distribution column is never NULL
COORDINATOR = [
    "alerts",
    "api_keys",
    "audit_entries",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "channel_moves",
    "dead_letters",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "django_session",
    "password_resets",
    "recovery_codes",
    "second_factors",
    "users_groups",
    "users_user_permissions",
    "webhook_attempts",
    "webhook_deliveries",
    "webhook_endpoints",
    "webhook_set_aside",
    "whatsapp_deletions",
    "worker_heartbeats",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
]
PLACES = {
    **dict.fromkeys(DISTRIBUTED, Place.DISTRIBUTED),
    **dict.fromkeys(REFERENCE, Place.REFERENCE),
    **dict.fromkeys(COORDINATOR, Place.COORDINATOR),
}
