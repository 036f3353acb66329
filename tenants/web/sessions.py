"""Sessions in the database, with limits: one ends when nothing was asked with it for a while, and
some time after its beginning in any case. A cookie that no session can have counts as none. The
database holds a hash of a session's key: who reads it opens no session.

Every session has the limits of members (MEMBERS_SESSION). Operators have shorter ones: see
tenants/web/middleware.py.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

BEGAN, SEEN = "began", "seen"  # in the session, in seconds since 1970
KEY_LENGTH = 40  # of the column; 160 bits
STALE = 60  # a session that is used is written again after so many seconds, not with each request


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session may lie unused, and how long it lasts in any case."""

    idle: timedelta
    at_most: timedelta

    def are_passed_by(self, held: dict[str, Any]) -> bool:
        now = time()
        unused, lasted = now - held.get(SEEN, 0), now - held.get(BEGAN, 0)
        return unused > self.idle.total_seconds() or lasted > self.at_most.total_seconds()


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, if it is over."""
        held = super().load()
        if held and Limits(*settings.MEMBERS_SESSION).are_passed_by(held):
            self._session_key = None
            return {}
        return held

    def save(self, must_create: bool = False) -> None:
        """Save the session, with the time: of its beginning too, if it gets a new key."""
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        held[SEEN] = time()
        if must_create:
            held[BEGAN] = held[SEEN]
        super().save(must_create)

    @contextmanager
    def as_old_as_before(self) -> Iterator[None]:
        """Give the session another key within, and no new beginning: nobody proves anything."""
        began = self.get(BEGAN)
        yield
        self[BEGAN] = began

    def is_over(self, limits: Limits) -> bool:
        return limits.are_passed_by(self._session)  # type: ignore[attr-defined]

    def use(self) -> None:
        """Note that somebody is there, once in a while."""
        if time() - self.get(SEEN, 0) > STALE:
            self.modified = True

    def exists(self, session_key: str) -> bool:
        return super().exists(stored(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(stored(key))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        still = self.model.objects.filter(expire_date__gt=timezone.now())
        row = still.filter(session_key=stored(self.session_key or "")).first()
        if row is None:
            self._session_key = None
        return row

    def _validate_session_key(self, key: Any) -> bool:
        """Refuse keys that PostgreSQL would refuse: a quoted cookie can carry any character, NUL
        too.
        """
        return bool(super()._validate_session_key(key) and key.isascii() and key.isalnum())  # type: ignore[misc]


def stored(key: str) -> str:
    """Return what the database holds of a session's key, which is random."""
    return hashlib.sha256(key.encode()).hexdigest()[:KEY_LENGTH]
