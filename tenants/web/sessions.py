"""Sessions in the database. A cookie that no session can have counts as none."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: Any) -> bool:
        """Refuse keys that PostgreSQL would refuse: a quoted cookie can carry any character, NUL
        too.
        """
        return bool(super()._validate_session_key(key) and key.isascii() and key.isalnum())  # type: ignore[misc]
