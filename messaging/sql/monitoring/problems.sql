-- What needs a hand, of single channels, tenants or of the platform: the kind, whose it is, how much of it and since when.
-- What somebody can mend is told as long as it lasts; what happened once (an unknown outcome, a rejected item, a failed task)
-- for a day. The check tells 14 days ahead that a permission ends: a day later it is told where no check could.
WITH channel AS (
    SELECT id, tenant_id, status, status_reason, recovers_by, parked_at, token_expires_at,
           health #>> '{check,value}' AS found, (health #>> '{check,at}')::timestamptz AS found_at
    FROM channels WHERE status IN ('live', 'needs_reauth', 'restricted')
)
SELECT 'channel_parked' AS kind, tenant_id, id AS channel_id, 1 AS number, parked_at AS since, status_reason AS detail, recovers_by
FROM channel WHERE status IN ('needs_reauth', 'restricted')
UNION ALL
SELECT 'channel_check', tenant_id, id, 1, found_at, found, ''
FROM channel WHERE status = 'live' AND found <> ALL(%(nothing_found)s)
UNION ALL
SELECT 'token_ends', tenant_id, id, 1, NULL, to_char(token_expires_at, 'YYYY-MM-DD'), ''
FROM channel WHERE status = 'live' AND token_expires_at < now() + interval '13 days' AND (found IS NULL OR found = ANY(%(nothing_found)s))
UNION ALL
SELECT 'messages_unknown', tenant_id, channel_id, count(*), min(created_at), '', ''
FROM messages WHERE needs_attention AND status = 'unknown' AND created_at > now() - interval '1 day'
    AND created_at < now() - interval '1 hour' GROUP BY tenant_id, channel_id
UNION ALL
SELECT 'messages_sent_twice', tenant_id, channel_id, count(*), min(sent_twice_at), '', ''
FROM messages WHERE sent_twice_at > now() - interval '1 day' GROUP BY tenant_id, channel_id
UNION ALL
SELECT 'items_rejected', NULL, NULL, count(*), min(created_at), min(reason), ''
FROM dead_letters WHERE cause = 'rejected' AND created_at > now() - interval '1 day' HAVING count(*) > 0
UNION ALL
SELECT 'tasks_failed', NULL, NULL, count(*), min(e.at), min(j.task_name), ''
FROM jobs.procrastinate_jobs j JOIN jobs.procrastinate_events e ON e.job_id = j.id AND e.type = 'failed'
WHERE j.status = 'failed' AND e.at > now() - interval '1 day' HAVING count(*) > 0
ORDER BY kind, since, channel_id
