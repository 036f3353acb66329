-- Counts of all that waits, runs or did not go well, each with the moment of the oldest.
SELECT 'webhooks waiting' AS what, count(*) AS number, min(received_at) AS since
FROM webhook_deliveries WHERE due_at IS NOT NULL
UNION ALL
SELECT 'messages to be sent', count(*), min(created_at)
FROM messages WHERE due_at < timestamptz '9999-01-01' AND status = 'queued'
UNION ALL
SELECT 'messages being sent', count(*), min(created_at)
FROM messages WHERE due_at < timestamptz '9999-01-01' AND status = 'sending'
UNION ALL
SELECT 'messages held until a channel is repaired or a tenant active', count(*), min(created_at)
FROM messages WHERE due_at = timestamptz '9999-01-01'
UNION ALL
SELECT 'messages of unknown outcome', count(*), min(created_at)
FROM messages WHERE needs_attention AND status = 'unknown'
UNION ALL
SELECT 'messages that failed', count(*), min(created_at)
FROM messages WHERE needs_attention AND status = 'failed'
UNION ALL
SELECT 'messages sent twice', count(*), min(sent_twice_at)
FROM messages WHERE sent_twice_at IS NOT NULL
UNION ALL
SELECT 'items of webhooks rejected', count(*), min(created_at)
FROM dead_letters WHERE cause = 'rejected'
UNION ALL
SELECT 'items of webhooks for a number that no channel has', count(*), min(created_at)
FROM dead_letters WHERE cause = 'unroutable'
UNION ALL
SELECT 'background tasks due', count(*), min(coalesce(job.scheduled_at, event.at))
FROM jobs.procrastinate_jobs job
LEFT JOIN jobs.procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
UNION ALL
SELECT 'background tasks scheduled for later', count(*), NULL
FROM jobs.procrastinate_jobs WHERE status = 'todo' AND scheduled_at > now()
UNION ALL
SELECT 'background tasks that failed', count(*), NULL
FROM jobs.procrastinate_jobs WHERE status = 'failed'
UNION ALL
SELECT 'files that could not be fetched', count(*), min(created_at)
FROM media WHERE status IN ('failed', 'expired')
UNION ALL
SELECT 'questions about contacts to be decided', count(*), min(recorded_at)
FROM contact_changes WHERE is_open
UNION ALL
SELECT 'conversations that wait for a person', count(*), min(waiting_since)
FROM conversations WHERE waiting_since IS NOT NULL AND replies_paused_until > now()
UNION ALL
SELECT 'answers that take their time', count(*), min(created_at)
FROM deferred_replies WHERE due_at IS NOT NULL
UNION ALL
SELECT 'answers that took too long and wait to be given up', count(*), min(deadline)
FROM deferred_replies WHERE due_at IS NOT NULL AND deadline < now()
UNION ALL
SELECT 'messages that a reply strategy owed an answer in the last day', count(*), min(created_at)
FROM messages WHERE unanswered IN ('failed', 'late') AND created_at > now() - interval '1 day'
UNION ALL
SELECT 'contacts that are being erased', count(*), min(ordered_at)
FROM erasures WHERE finished_at IS NULL
UNION ALL
SELECT 'live channels', count(*), NULL FROM channels WHERE status = 'live'
UNION ALL
SELECT 'workers seen in the last minute', count(*), NULL
FROM worker_heartbeats WHERE seen_at > now() - interval '1 minute'
UNION ALL
SELECT 'jobs processes seen in the last minute', count(*), NULL
FROM jobs.procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'
