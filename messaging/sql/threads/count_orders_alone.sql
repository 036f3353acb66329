-- One beginning of orders counts those of the last minute after the other: until the transaction
-- ends. A statement of its own, so that the next one sees what the one before has begun.
SELECT pg_advisory_xact_lock(hashtextextended('messaging.thread_orders', 0))
