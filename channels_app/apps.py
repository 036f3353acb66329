from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

OWN = "SELECT, INSERT, UPDATE, DELETE"


class ChannelsConfig(AppConfig):
    name = "channels_app"
    label = "channels"
    verbose_name = _("Channels")
    grants = {
        "channels": {
            "app": OWN,
            "msg_router": (
                "SELECT, UPDATE (status, status_reason, recovers_by, parked_at, connected_at,"
                " phone_number, health, shared_at)"
            ),
            "msg_operator": OWN,
            "msg_resolver": "SELECT (id, tenant_id, kind, external_id, is_test, status)",
        },
        "channel_moves": {"msg_operator": "SELECT, INSERT"},
        "channel_events": {"app": OWN, "msg_router": "SELECT, INSERT", "msg_operator": OWN},
        "message_templates": {
            "app": OWN,
            "msg_router": "SELECT, INSERT, UPDATE",
            "msg_operator": OWN,
        },
        "events": {
            "app": "SELECT, INSERT",
            "msg_router": "INSERT",
            "msg_operator": "SELECT, INSERT, DELETE",
            "msg_sequencer": "SELECT (id, number, position), UPDATE (position)",
            "msg_webhooks": "SELECT",
            "msg_resolver": "SELECT (number, position, occurred_at)",
        },
        "events_age": {"app": "EXECUTE", "door": "EXECUTE", "msg_operator": "EXECUTE"},
        # positions are drawn from where the numbers come from
        "events_number_seq": {"msg_sequencer": "USAGE"},
    }
