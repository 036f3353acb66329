-- This worker is alive; workers that were not for a day are forgotten. How many others are alive,
-- each of which gives a sign every five seconds or so and has not ended; how many of them come
-- before it; and what the database's clock says.
WITH gone AS (DELETE FROM worker_heartbeats WHERE seen_at < now() - interval '1 day'),
beating AS (
    INSERT INTO worker_heartbeats (id, host, pid, seen_at)
    VALUES (%(id)s, %(host)s, %(pid)s, now())
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
)
SELECT count(*) AS others, count(*) FILTER (WHERE id < %(id)s) AS before,
       extract(epoch FROM clock_timestamp())::float AS clock
FROM worker_heartbeats
WHERE id <> %(id)s AND pid <> 0 AND seen_at > now() - interval '15 seconds'
