from django.apps import AppConfig

from channels_app import providers


class WhatsAppConfig(AppConfig):
    name = "whatsapp"

    def ready(self) -> None:
        from whatsapp.provider import WhatsApp

        providers.register(WhatsApp())
