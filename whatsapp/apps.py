from django.apps import AppConfig

from channels_app import providers

OWN = "SELECT, INSERT, UPDATE, DELETE"


class WhatsAppConfig(AppConfig):
    name = "whatsapp"
    verbose_name = "WhatsApp"
    connect_page = "connect_whatsapp"
    connect_link_page = "connect_whatsapp_link"
    addresses_of_platform = ("deauthorize", "deletion")
    grants = {
        "whatsapp_signups": {"app": OWN, "msg_operator": OWN},
        "whatsapp_deletions": {"msg_operator": "SELECT, INSERT"},
    }

    def ready(self) -> None:
        from whatsapp.graph import checks  # noqa: F401  registers the system checks
        from whatsapp.provider import WhatsApp

        providers.register(WhatsApp())
