-- Whether this transaction is the one that gives positions now. The lock is free again once what it
-- gave is visible.
SELECT pg_try_advisory_xact_lock(hashtextextended('event_log.positions', 0)) AS is_mine
