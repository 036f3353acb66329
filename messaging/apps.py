from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

RECORD = "SELECT, INSERT, UPDATE"
OWN = f"{RECORD}, DELETE"


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")
    grants = {
        "contacts": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "contact_identities": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "contact_changes": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "conversations": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "conversation_owner_changes": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "thread_orders": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "messages": {
            "app": OWN,
            "msg_router": RECORD,
            "msg_operator": OWN,
            "msg_resolver": "SELECT (channel_id, due_at, status)",
        },
        "media": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "media_uploads": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "message_statuses": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "message_attempts": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "reply_choices": {"app": OWN, "msg_router": "SELECT", "msg_operator": OWN},
        "deferred_replies": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "message_resends": {"app": OWN, "msg_router": "SELECT, INSERT", "msg_operator": OWN},
        "message_settlements": {"app": OWN, "msg_operator": OWN},
        "erased_messages": {"app": OWN, "msg_router": "SELECT", "msg_operator": OWN},
        "erasures": {"app": "SELECT, INSERT", "msg_operator": OWN},
        "channel_probes": {"app": OWN, "msg_router": RECORD, "msg_operator": OWN},
        "channel_paces": {
            "app": OWN,
            "msg_router": RECORD,
            "msg_operator": OWN,
            "msg_resolver": "SELECT (channel_id, leased_at, ready_at)",
        },
        "webhook_deliveries": {
            "door": "INSERT",
            "msg_router": "SELECT, UPDATE",
            "msg_operator": "SELECT, UPDATE, DELETE",
            "msg_resolver": "SELECT (id, lane, route_hint, due_at, waits_since), INSERT",
        },
        "store_simulated_delivery": {"app": "EXECUTE", "msg_router": "EXECUTE"},
        "dead_letters": {"msg_router": "SELECT, INSERT, DELETE", "msg_operator": OWN},
        "worker_heartbeats": {
            "msg_router": OWN,
            "msg_operator": "SELECT, DELETE",
            "msg_resolver": "SELECT (seen_at)",
        },
        "pipeline_ages": {"app": "EXECUTE", "door": "EXECUTE", "msg_operator": "EXECUTE"},
        "jobs_age": {"app": "EXECUTE", "door": "EXECUTE", "msg_operator": "EXECUTE"},
        "alerts": {"msg_operator": OWN},
        "idempotency_keys": {"app": OWN, "msg_operator": OWN},
        "webhook_endpoints": {
            "app": OWN,
            "msg_operator": OWN,
            "msg_webhooks": (
                "SELECT, UPDATE (position, lease, due_at, failures, failing_since, is_slow, status,"
                " disabled_reason, disabled_at)"
            ),
        },
        "webhook_set_aside": {"app": OWN, "msg_operator": OWN, "msg_webhooks": OWN},
        "webhook_attempts": {"app": OWN, "msg_operator": OWN, "msg_webhooks": "INSERT"},
    }

    def ready(self) -> None:
        from messaging.replies import checks  # noqa: F401
