-- Whether this transaction is the one that does the named work now.
SELECT pg_try_advisory_xact_lock(hashtextextended(%(work)s, 0)) AS mine
