-- What waits for a hand or for its turn, counted no further than `counted`: how many rows say the
-- same, and when the oldest and the newest of them came. Of the messages that need attention, of
-- the files that are not stored, and of the conversations that wait for a person or did until
-- automation went on, no more than `looked_at` are looked at; the rows "looked_at" say how many
-- were.
WITH messages_in_need AS (
    SELECT status, error, created_at FROM messages WHERE needs_attention
    ORDER BY created_at DESC LIMIT %(looked_at)s
), files_not_stored AS (
    SELECT status, error, created_at FROM media WHERE status <> 'stored' LIMIT %(looked_at)s
), left_to_people AS (
    SELECT tenant_id, waiting_since, replies_paused_until FROM conversations
    WHERE waiting_since IS NOT NULL LIMIT %(looked_at)s
), found AS (
    (SELECT 'messages_' || status AS what, error AS detail, created_at AS at
     FROM messages_in_need WHERE status = 'failed' LIMIT %(counted)s)
    UNION ALL
    (SELECT 'messages_' || status, error, created_at
     FROM messages_in_need WHERE status = 'unknown' LIMIT %(counted)s)
    UNION ALL
    (SELECT 'messages_sent_twice', '', sent_twice_at
     FROM messages WHERE sent_twice_at IS NOT NULL ORDER BY id DESC LIMIT %(counted)s)
    UNION ALL
    (SELECT 'messages_queued', '', created_at
     FROM messages WHERE due_at < timestamptz '9999-01-01' AND status = 'queued'
     LIMIT %(counted)s)
    UNION ALL
    (SELECT 'deliveries_waiting', '', received_at
     FROM webhook_deliveries WHERE due_at IS NOT NULL LIMIT %(counted)s)
    UNION ALL
    (SELECT 'items_rejected', reason, created_at
     FROM dead_letters WHERE cause = 'rejected' ORDER BY created_at DESC LIMIT %(counted)s)
    UNION ALL
    (SELECT 'contact_questions', '', recorded_at
     FROM contact_changes WHERE is_open LIMIT %(counted)s)
    UNION ALL
    (SELECT 'files_failed', error, created_at
     FROM files_not_stored WHERE status = 'failed' LIMIT %(counted)s)
    UNION ALL
    (SELECT 'files_waiting', error, created_at
     FROM files_not_stored
     WHERE status = 'pending' AND error <> '' AND created_at < now() - interval '5 minutes'
     LIMIT %(counted)s)
    UNION ALL
    (SELECT 'tasks_failed', job.task_name, failure.at
     FROM (SELECT id, task_name FROM jobs.procrastinate_jobs
           WHERE status = 'failed' ORDER BY id DESC LIMIT %(counted)s) job
     LEFT JOIN LATERAL (SELECT max(at) AS at FROM jobs.procrastinate_events
                        WHERE job_id = job.id AND type = 'failed') failure ON true)
    UNION ALL
    (SELECT 'endpoints_disabled', disabled_reason, disabled_at
     FROM webhook_endpoints WHERE status = 'disabled' AND disabled_reason <> 'asked'
     LIMIT %(counted)s)
    UNION ALL
    (SELECT 'conversations_waiting', tenant.name, waiting_since
     FROM left_to_people JOIN tenants tenant ON tenant.id = left_to_people.tenant_id
     WHERE replies_paused_until > now() LIMIT %(counted)s)
    UNION ALL
    (SELECT 'replies_deferred', strategy, created_at
     FROM deferred_replies WHERE due_at IS NOT NULL LIMIT %(counted)s)
    UNION ALL
    (SELECT 'replies_late', strategy, deadline
     FROM deferred_replies WHERE due_at IS NOT NULL AND deadline < now() LIMIT %(counted)s)
    UNION ALL
    (SELECT 'replies_owed', unanswered, created_at
     FROM messages
     WHERE unanswered IN ('failed', 'late') AND created_at > now() - interval '1 day'
     LIMIT %(counted)s)
    UNION ALL
    (SELECT 'workers', '', seen_at
     FROM worker_heartbeats WHERE seen_at > now() - interval '1 minute' LIMIT %(counted)s)
    UNION ALL
    (SELECT 'jobs_processes', '', last_heartbeat
     FROM jobs.procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'
     LIMIT %(counted)s)
)
SELECT what, detail, count(*) AS number, min(at) AS oldest, max(at) AS newest
FROM found GROUP BY what, detail
UNION ALL
SELECT 'looked_at', 'messages', count(*), NULL, NULL FROM messages_in_need
UNION ALL
SELECT 'looked_at', 'files', count(*), NULL, NULL FROM files_not_stored
UNION ALL
SELECT 'looked_at', 'conversations', count(*), NULL, NULL FROM left_to_people
ORDER BY what, number DESC, detail
