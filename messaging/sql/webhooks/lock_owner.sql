-- Lock the endpoints of an owner for this transaction: whoever makes another one waits, and counts
-- them after this one.
SELECT count(pg_advisory_xact_lock(hashtextextended('webhook endpoints of ' || %(owner)s, 0)))
