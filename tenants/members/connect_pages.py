"""Pages on which a tenant's people connect a channel themselves: each channel's app names its own.

An app that has one gives its AppConfig the page's address by name, as `connect_page`.
"""

from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True, slots=True)
class ConnectPage:
    url_name: str
    title: str  # of what is connected: "WhatsApp"


def connect_pages() -> list[ConnectPage]:
    return [
        ConnectPage(app.connect_page, str(app.verbose_name))
        for app in apps.get_app_configs()
        if hasattr(app, "connect_page")
    ]
