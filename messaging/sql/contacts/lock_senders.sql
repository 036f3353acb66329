-- Lock senders for this transaction, in one order, so that first messages cannot make two contacts
-- and nobody deadlocks.
SELECT count(pg_advisory_xact_lock(key)) FROM (
    SELECT DISTINCT hashtextextended(name, 0) AS key
    FROM unnest(%(names)s::text[]) name ORDER BY key
) keys
