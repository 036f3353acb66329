from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "channels_app"
    label = "channels"
    grants = {
        "channels": {
            "app": "SELECT, INSERT, UPDATE, DELETE",
            "msg_router": "SELECT, UPDATE (status, status_reason)",
            "msg_operator": "SELECT, INSERT, UPDATE, DELETE",
        },
    }
