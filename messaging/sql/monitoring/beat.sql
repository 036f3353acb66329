-- This worker is alive; workers that were not for a day are forgotten. How many others are alive:
-- each of them gives a sign every five seconds or so.
WITH gone AS (DELETE FROM worker_heartbeats WHERE seen_at < now() - interval '1 day'),
beating AS (
    INSERT INTO worker_heartbeats (id, host, pid, seen_at)
    VALUES (%(id)s, %(host)s, %(pid)s, now())
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
)
SELECT count(*) AS others FROM worker_heartbeats
WHERE id <> %(id)s AND seen_at > now() - interval '15 seconds'
