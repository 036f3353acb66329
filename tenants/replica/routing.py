"""The ORM's statements go where the scope's transaction is."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from tenants.scope import database_in_use


class ByScope:
    """A database router that guesses nothing: what a scope opened, all of its statements use."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return database_in_use()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return database_in_use()

    def allow_relation(self, *rows: Any, **hints: Any) -> bool:
        """A row from the replica is one of the primary's."""
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool:
        return database == DEFAULT_DB_ALIAS
