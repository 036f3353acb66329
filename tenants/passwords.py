"""Bound the work of hashing passwords, which costs a processor's time on purpose: a process checks
or sets a few at once and turns the next away, and hashes at a lower priority than it does all else.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import BoundedSemaphore, get_native_id
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpRequest

AT_ONCE = 2
NICENESS = 10  # about a tenth of the processor's time that a webhook gets, while both want it

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


class PasswordAlone:
    """Mix-in of a form that sets the password of a user: nothing else of the user is saved, who may
    have been deactivated since the page was asked for.
    """

    def set_password_and_save(
        self, user: Any, *args: Any, commit: bool = True, **options: Any
    ) -> Any:
        super().set_password_and_save(user, *args, commit=False, **options)  # type: ignore[misc]
        if commit:
            user.save(update_fields=["password"])
        return user


def _lower_priority() -> None:
    """Lower the priority of the calling thread. Elsewhere than on Linux, threads have none."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)


_hashing = ThreadPoolExecutor(AT_ONCE, "hashing", initializer=_lower_priority)


class LowPriorityHasher(PBKDF2PasswordHasher):
    """Django's own hashes, made in threads of a lower priority: passwords that are guessed take no
    processor from webhooks.
    """

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return _hashing.submit(super().encode, password, salt, iterations).result()
