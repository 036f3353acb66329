"""Bisect a batch that cannot be recorded as a whole: halve it until the item that stops it stands
alone.
"""

from messaging.database_errors import RETRY_LATER, is_the_databases
from messaging.inbound.batches import Batch
from messaging.inbound.recording import Recorded, record_and_apply, reject
from tenants.origins import sqlstate

IN_HALVES = "200ms"  # what is blocked has been waited for once


def bisect(batch: Batch, lock_timeout: str = "2s") -> Recorded:
    """Record the batch, in halves where one item stops it; that item is set aside.

    Nobody is blamed for an item that others' locks keep from being recorded: its delivery is
    returned as blocked. Raises only where the database itself fails.
    """
    try:
        return record_and_apply(batch, lock_timeout)
    except Exception as error:
        if is_the_databases(error):
            raise
        if len(batch.items) > 1:
            first, second = batch.halves()
            return bisect(first, IN_HALVES) | bisect(second, IN_HALVES)
        if sqlstate(error) in RETRY_LATER:
            return Recorded(blocked=batch.deliveries())
        if not batch.items:
            raise
        reject(batch, error)
        return Recorded()
