"""Django's admin as the back-office: its site is our own."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "tenants.admin.home.site.BackOffice"

    def ready(self) -> None:
        # Its pages register themselves, which makes the site: first of all, or else the site that
        # they registered with would be replaced by the one that looked for them.
        import tenants.admin  # noqa: F401

        super().ready()
