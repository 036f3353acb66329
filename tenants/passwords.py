"""Checking a password costs a processor's time on purpose: a process checks a few at once and turns the next away."""

from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

AT_ONCE = 2  # of the threads that serve webhooks too

_places = BoundedSemaphore(AT_ONCE)


class TooManyChecks(Exception):
    """As many passwords as may be checked at once are being checked: ask again in a moment."""


class BoundedBackend(ModelBackend):
    """Django's own sign-in; raises TooManyChecks instead of waiting."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:  # type: ignore[override]
        if not _places.acquire(blocking=False):
            raise TooManyChecks
        try:
            return super().authenticate(request, **credentials)
        finally:
            _places.release()
