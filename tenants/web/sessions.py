"""Sessions in the database; a cookie that no session can have is none, and breaks no page."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: Any) -> bool:
        """A quoted cookie can carry any character, NUL too, which PostgreSQL refuses."""
        return bool(super()._validate_session_key(key) and key.isascii() and key.isalnum())  # type: ignore[misc]
