-- Record the outcomes of POSTs. The messages are locked. Returns those that have another status
-- now.
WITH outcomes AS (
    SELECT * FROM unnest(%(message_id)s::uuid[], %(attempt)s::int[], %(status)s::text[],
                         %(external_id)s::text[], %(error_code)s::text[], %(error)s::text[],
                         %(retry_in)s::interval[])
        AS outcome(id, attempt, status, external_id, error_code, error, retry_in)
), judged AS (
    -- An outcome counts for its own attempt while that is sending or unknown. That an earlier
    -- attempt was accepted after all ends the waiting for another. Else the current attempt's
    -- outcome only fills in a missing external id.
    SELECT DISTINCT ON (outcomes.id)
           outcomes.*, message.status AS status_before,
           outcomes.attempt = message.attempts AS is_current,
           (outcomes.attempt = message.attempts AND message.status IN ('sending', 'unknown'))
           OR (outcomes.attempt < message.attempts AND message.status IN ('queued', 'held')
               AND outcomes.status = 'accepted') AS counts
    FROM outcomes JOIN messages message ON message.id = outcomes.id
    ORDER BY outcomes.id, counts DESC, outcomes.attempt DESC
), settled AS (
    UPDATE messages message
    SET status = CASE WHEN counts THEN judged.status ELSE message.status END,
        external_id = coalesce(message.external_id, judged.external_id),
        error_code = CASE WHEN counts THEN judged.error_code ELSE message.error_code END,
        error = CASE WHEN counts THEN judged.error ELSE message.error END,
        lease = CASE WHEN counts THEN NULL ELSE message.lease END,
        sent_at = CASE
            WHEN counts AND judged.status = 'accepted' THEN now() ELSE message.sent_at END,
        due_at = CASE
            WHEN NOT counts THEN message.due_at
            WHEN judged.status = 'queued'
            THEN least(clock_timestamp() + judged.retry_in, message.expires_at)
            WHEN judged.status = 'held' THEN timestamptz '9999-01-01' END
    FROM judged
    WHERE message.id = judged.id
      AND (counts
           OR (is_current AND message.external_id IS NULL AND judged.external_id IS NOT NULL))
    RETURNING message.*, judged.status_before
)
SELECT id, tenant_id, channel_id, conversation_id, status, error_code, error
FROM settled WHERE status <> status_before
ORDER BY id
