-- Problems of channels, tenants and the platform that need a hand: the kind, whose it is, how much
-- of it and since when. What somebody can mend is told as long as it lasts; what happened once (an
-- unknown outcome, a rejected item, a failed task, a reply strategy that failed three times) for a
-- day. What is tried out on a test channel is no problem. `usual_strategy`: what answers where none
-- is chosen. `newest`: so many of each kind at most, NULL: all. `of_kind` is how many there are
-- of a kind, `alike` how many of these have the same detail.
WITH connected AS (
    SELECT id AS channel_id, tenant_id, status, status_reason, recovers_by, parked_at,
           token_expires_at, health #>> '{check,value}' AS found,
           health #>> '{check,at}' AS found_at
    FROM channels WHERE status IN ('live', 'needs_reauth', 'restricted') AND NOT is_test
), parked_channels AS (
    SELECT tenant_id, channel_id, 1 AS number, parked_at AS since, status_reason AS detail,
           recovers_by
    FROM connected WHERE status IN ('needs_reauth', 'restricted')
), failed_checks AS (
    SELECT tenant_id, channel_id, 1 AS number, found_at::timestamptz AS since, found AS detail
    FROM connected WHERE status = 'live' AND found <> ALL(%(nothing_found)s)
), ending_tokens AS (
    -- A channel's check tells it 14 days ahead. This tells it a day later, where no check could.
    SELECT tenant_id, channel_id, 1 AS number,
           to_char(token_expires_at, 'YYYY-MM-DD') AS detail
    FROM connected
    WHERE status = 'live' AND token_expires_at < now() + interval '13 days'
      AND (found IS NULL OR found = ANY(%(nothing_found)s))
), unknown_messages AS (
    SELECT tenant_id, channel_id, count(*) AS number, min(created_at) AS since
    FROM messages
    WHERE needs_attention AND status = 'unknown'
      AND created_at > now() - interval '1 day' AND created_at < now() - interval '1 hour'
      AND NOT EXISTS (SELECT FROM channels WHERE id = messages.channel_id AND is_test)
    GROUP BY tenant_id, channel_id
), doubled_messages AS (
    SELECT tenant_id, channel_id, count(*) AS number, min(sent_twice_at) AS since
    FROM messages WHERE sent_twice_at > now() - interval '1 day'
    GROUP BY tenant_id, channel_id
), rejected_items AS (
    SELECT count(*) AS number, min(created_at) AS since, min(reason) AS detail
    FROM dead_letters WHERE cause = 'rejected' AND created_at > now() - interval '1 day'
    HAVING count(*) > 0
), failed_tasks AS (
    SELECT count(*) AS number, min(event.at) AS since, min(job.task_name) AS detail
    FROM jobs.procrastinate_jobs job
    JOIN jobs.procrastinate_events event ON event.job_id = job.id AND event.type = 'failed'
    WHERE job.status = 'failed' AND event.at > now() - interval '1 day'
    HAVING count(*) > 0
), files_waiting AS (
    -- tried again for a week; a few minutes of it are nobody's trouble
    SELECT count(*) AS number, min(created_at) AS since, min(error) AS detail
    FROM media
    WHERE status = 'pending' AND error <> '' AND created_at < now() - interval '5 minutes'
    HAVING count(*) > 0
), owed_replies AS (
    SELECT tenant_id, channel_id, created_at FROM messages
    WHERE unanswered IN ('failed', 'late') AND created_at > now() - interval '1 day'
    ORDER BY created_at DESC LIMIT 5000
), answered_by AS (
    SELECT channel.*, coalesce(chosen.strategy, %(usual_strategy)s) AS strategy,
           coalesce(chosen.changed_at, '-infinity') AS since
    FROM (SELECT DISTINCT tenant_id, channel_id FROM owed_replies
          WHERE NOT EXISTS (
              SELECT FROM channels WHERE id = owed_replies.channel_id AND is_test)) channel
    LEFT JOIN LATERAL (
        SELECT strategy, changed_at FROM reply_choices
        WHERE tenant_id = channel.tenant_id
          AND (channel_id = channel.channel_id OR channel_id IS NULL)
        ORDER BY channel_id NULLS LAST LIMIT 1) chosen ON true
), failing_strategies AS (
    -- since it was chosen; one or two may be the messages' own fault
    SELECT tenant_id, channel_id, count(*) AS number, min(owed_replies.created_at) AS since,
           answered_by.strategy AS detail
    FROM owed_replies JOIN answered_by USING (tenant_id, channel_id)
    WHERE owed_replies.created_at > answered_by.since
    GROUP BY tenant_id, channel_id, answered_by.strategy HAVING count(*) >= 3
), replies_not_asked_for AS (
    -- a process that works on them leases what is due, and ends what is late
    SELECT count(*) AS number, min(created_at) AS since
    FROM (SELECT created_at, due_at, deadline FROM deferred_replies
          WHERE due_at IS NOT NULL ORDER BY deadline LIMIT 5000) waiting
    WHERE least(due_at, deadline) < now() - interval '2 minutes'
    HAVING count(*) > 0
), unfinished_erasures AS (
    SELECT tenant_id, count(*) AS number, min(ordered_at) AS since
    FROM erasures WHERE finished_at IS NULL AND ordered_at < now() - interval '1 day'
    GROUP BY tenant_id
), told AS (
    SELECT 'channel_parked' AS kind, tenant_id, channel_id, number, since, detail, recovers_by
    FROM parked_channels
    UNION ALL
    SELECT 'channel_check', tenant_id, channel_id, number, since, detail, '' FROM failed_checks
    UNION ALL
    SELECT 'token_ends', tenant_id, channel_id, number, NULL, detail, '' FROM ending_tokens
    UNION ALL
    SELECT 'messages_unknown', tenant_id, channel_id, number, since, '', '' FROM unknown_messages
    UNION ALL
    SELECT 'messages_sent_twice', tenant_id, channel_id, number, since, '', ''
    FROM doubled_messages
    UNION ALL
    SELECT 'items_rejected', NULL, NULL, number, since, detail, '' FROM rejected_items
    UNION ALL
    SELECT 'tasks_failed', NULL, NULL, number, since, detail, '' FROM failed_tasks
    UNION ALL
    SELECT 'files_waiting', NULL, NULL, number, since, detail, '' FROM files_waiting
    UNION ALL
    SELECT 'strategy_fails', tenant_id, channel_id, number, since, detail, ''
    FROM failing_strategies
    UNION ALL
    SELECT 'replies_not_asked_for', NULL, NULL, number, since, '', '' FROM replies_not_asked_for
    UNION ALL
    SELECT 'erasure_unfinished', tenant_id, NULL, number, since, '', '' FROM unfinished_erasures
), ranked AS (
    SELECT told.*, count(*) OVER (PARTITION BY kind) AS of_kind,
           count(*) OVER (PARTITION BY kind, detail) AS alike,
           row_number() OVER (PARTITION BY kind ORDER BY since DESC NULLS LAST, channel_id) AS place
    FROM told
)
SELECT kind, tenant_id, channel_id, number, since, detail, recovers_by, of_kind, alike
FROM ranked WHERE coalesce(place <= %(newest)s::bigint, true)
ORDER BY kind, since, channel_id
