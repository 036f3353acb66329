"""The replica's server, as this process knows it: whether it has what the primary has, and whether
it is left alone for a while.
"""

import logging
import time

from django.db import InterfaceError, OperationalError, connection, connections

REPLICA = "replica"  # its name in DATABASES
PATIENCE_SECONDS = 0.1  # a standby that keeps up has a commit within milliseconds
PAUSE_SECONDS = 0.005
BEHIND_SECONDS, AWAY_SECONDS = 2.0, 30.0  # for so long it is left alone
POSITION = "SELECT pg_current_wal_flush_lsn()::text"
HAS_IT = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"

logger = logging.getLogger(__name__)
_rests_until = 0.0
_is_left_alone = False


def is_configured() -> bool:
    return REPLICA in connections.settings


def is_resting() -> bool:
    return time.monotonic() < _rests_until


def position_of_primary() -> str:
    """Return how far the primary's log reaches: all that was committed is in it."""
    with connection.cursor() as cursor:
        cursor.execute(POSITION)
        (position,) = cursor.fetchone()
    return position


def has(position: str) -> bool:
    """Return whether the replica has replayed the log so far, or does within PATIENCE_SECONDS.
    Never of what is no standby. Raises if it does not answer.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while not _has_replayed(position):
        if time.monotonic() >= end:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def _has_replayed(position: str) -> bool:
    try:
        return _answer(position)
    except (OperationalError, InterfaceError):
        connections[REPLICA].close()  # of before a restart of the server: a new one may do
        return _answer(position)


def _answer(position: str) -> bool:
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(HAS_IT, [position])
        (has_it,) = cursor.fetchone()
    return bool(has_it)


def leave_alone(seconds: float, reason: str) -> None:
    """Read from the primary for so long; said once, until the replica is used again."""
    global _rests_until, _is_left_alone
    _rests_until = time.monotonic() + seconds
    if not _is_left_alone:
        _is_left_alone = True
        logger.warning("Lists are read from the primary: the replica %s.", reason)


def note_use() -> None:
    global _is_left_alone
    if _is_left_alone:
        _is_left_alone = False
        logger.warning("Lists are read from the replica again.")
