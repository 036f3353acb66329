-- Record outcomes. One counts for its own attempt while that is sending or unknown. That an earlier attempt was accepted after all
-- ends the waiting for another; else the current attempt's outcome only fills in a missing external id. The messages are locked.
UPDATE messages m
SET status = CASE WHEN e.counts THEN e.status ELSE m.status END,
    external_id = coalesce(m.external_id, e.external_id),
    error_code = CASE WHEN e.counts THEN e.error_code ELSE m.error_code END,
    error = CASE WHEN e.counts THEN e.error ELSE m.error END,
    lease = CASE WHEN e.counts THEN NULL ELSE m.lease END,
    sent_at = CASE WHEN e.counts AND e.status = 'accepted' THEN now() ELSE m.sent_at END,
    due_at = CASE WHEN NOT e.counts THEN m.due_at
                  WHEN e.status = 'queued' THEN least(clock_timestamp() + e.retry_in, m.expires_at)
                  WHEN e.status = 'held' THEN timestamptz '9999-01-01' END
FROM (
    SELECT DISTINCT ON (o.id) o.*, o.attempt = mine.attempts AS is_current,
           (o.attempt = mine.attempts AND mine.status IN ('sending', 'unknown'))
           OR (o.attempt < mine.attempts AND mine.status IN ('queued', 'held') AND o.status = 'accepted') AS counts
    FROM unnest(%(message_id)s::uuid[], %(attempt)s::int[], %(status)s::text[], %(external_id)s::text[], %(error_code)s::text[],
                %(error)s::text[], %(retry_in)s::interval[])
         AS o(id, attempt, status, external_id, error_code, error, retry_in)
    JOIN messages mine ON mine.id = o.id
    ORDER BY o.id, counts DESC, o.attempt DESC
) e
WHERE m.id = e.id AND (e.counts OR (e.is_current AND m.external_id IS NULL AND e.external_id IS NOT NULL))
