-- This worker is alive; workers that were not for a day are forgotten.
WITH gone AS (DELETE FROM worker_heartbeats WHERE seen_at < now() - interval '1 day')
INSERT INTO worker_heartbeats (id, host, pid, seen_at) VALUES (%(id)s, %(host)s, %(pid)s, now())
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
