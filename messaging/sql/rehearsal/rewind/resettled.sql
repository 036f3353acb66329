-- Messages that lost statuses, in portions.
SELECT id FROM rehearsal.resettled WHERE id > %(after)s::uuid ORDER BY id LIMIT %(at_most)s::int
