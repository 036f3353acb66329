-- What waits, what needs somebody, and since when.
SELECT 1 AS place, 'webhooks waiting' AS what, count(*) AS number, min(received_at) AS since
FROM webhook_deliveries WHERE due_at IS NOT NULL
UNION ALL
SELECT 2, 'messages to be sent', count(*), min(created_at) FROM messages
WHERE due_at < timestamptz '9999-01-01' AND status = 'queued'
UNION ALL
SELECT 3, 'messages being sent', count(*), min(created_at) FROM messages
WHERE due_at < timestamptz '9999-01-01' AND status = 'sending'
UNION ALL
SELECT 4, 'messages held until a channel is repaired or a tenant active', count(*), min(created_at) FROM messages
WHERE due_at = timestamptz '9999-01-01'
UNION ALL
SELECT 5, 'messages of unknown outcome', count(*), min(created_at) FROM messages WHERE needs_attention AND status = 'unknown'
UNION ALL
SELECT 6, 'messages that failed', count(*), min(created_at) FROM messages WHERE needs_attention AND status = 'failed'
UNION ALL
SELECT 7, 'messages sent twice', count(*), min(sent_twice_at) FROM messages WHERE sent_twice_at IS NOT NULL
UNION ALL
SELECT 8, 'items of webhooks rejected', count(*), min(created_at) FROM dead_letters WHERE cause = 'rejected'
UNION ALL
SELECT 9, 'items of webhooks for a number that no channel has', count(*), min(created_at) FROM dead_letters
WHERE cause = 'unroutable'
UNION ALL
SELECT 10, 'channels that need reconnecting', count(*), NULL FROM channels WHERE status = 'needs_reauth'
UNION ALL
SELECT 11, 'channels whose account is restricted', count(*), NULL FROM channels WHERE status = 'restricted'
UNION ALL
SELECT 12, 'channels of which the last check found something to repair', count(*), NULL FROM channels
WHERE status <> 'disconnected' AND health #>> '{check,value}' <> %(right)s
UNION ALL
SELECT 13, 'workers seen in the last minute', count(*), NULL FROM worker_heartbeats WHERE seen_at > now() - interval '1 minute'
UNION ALL
SELECT 14, 'background tasks waiting', count(*), min(e.at) FROM jobs.procrastinate_jobs j
LEFT JOIN jobs.procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo'
UNION ALL
SELECT 15, 'background tasks that failed', count(*), NULL FROM jobs.procrastinate_jobs WHERE status = 'failed'
UNION ALL
SELECT 16, 'files that could not be fetched', count(*), min(created_at) FROM media WHERE status IN ('failed', 'expired')
UNION ALL
SELECT 17, 'questions about contacts to be decided', count(*), min(recorded_at) FROM contact_changes WHERE is_open
ORDER BY place
