"""Passwords are hashed at a lower priority than webhooks are answered."""

import hashlib
import os
import sys
from threading import get_native_id

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config import settings as product
from tenants.passwords import NICENESS, LowPriorityHasher

SALT, ITERATIONS = "salt", 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, threads have no priority")
def test_a_password_is_hashed_in_a_thread_of_lower_priority_than_its_request():
    seen = []

    class Noting(LowPriorityHasher):
        @staticmethod
        def digest():
            seen.append(os.getpriority(os.PRIO_PROCESS, get_native_id()))
            return hashlib.sha256()

    Noting().encode("correct horse", SALT, ITERATIONS)

    assert set(seen) == {NICENESS}
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) < NICENESS


def test_the_hashes_are_djangos_own():
    ours = LowPriorityHasher().encode("correct horse", SALT, ITERATIONS)

    assert ours == PBKDF2PasswordHasher().encode("correct horse", SALT, ITERATIONS)
    assert product.PASSWORD_HASHERS == ["tenants.passwords.LowPriorityHasher"]
