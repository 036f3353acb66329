"""Bound the work of hashing passwords, which costs a processor's time on purpose: a process checks
or sets a few at once and turns the next away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

AT_ONCE = 2  # of the threads that serve webhooks too

_places = BoundedSemaphore(AT_ONCE)


class TooManyChecks(Exception):
    """As many passwords as may be checked at once are being checked: ask again in a moment."""


@contextmanager
def one_of_a_few() -> Iterator[None]:
    """Hold one of the few places while a password is hashed. Raises TooManyChecks instead of
    waiting.
    """
    if not _places.acquire(blocking=False):
        raise TooManyChecks
    try:
        yield
    finally:
        _places.release()


class BoundedBackend(ModelBackend):
    """Django's own sign-in; raises TooManyChecks instead of waiting.

    Each session keeps this class's path: if the module moves, everybody is signed out.
    """

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        with one_of_a_few():
            return super().authenticate(request, **credentials)
