"""Pages on which a tenant's people connect a channel themselves: each channel's app names its own.

An app that has one gives its AppConfig the page's address by name, as `connect_page`; and as
`connect_link_page` that of the page which a connect link opens, of channels of the kind that the
app is called by.
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


def link_pages() -> dict[str, str]:
    """Return the name of each page that a connect link opens, by the kind of its channels."""
    return {
        app.label: app.connect_link_page
        for app in apps.get_app_configs()
        if hasattr(app, "connect_link_page")
    }
