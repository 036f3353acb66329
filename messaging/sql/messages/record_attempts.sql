-- Record one row an attempt; what becomes known later replaces what was unknown.
INSERT INTO message_attempts (id, tenant_id, message_id, number, outcome, http_status, error_code,
                              error, external_id, started_at, ended_at)
SELECT attempt.id, message.tenant_id, message.id, attempt.number, attempt.outcome,
       attempt.http_status, attempt.error_code, attempt.error, attempt.external_id,
       attempt.started_at, now()
FROM unnest(%(ids)s::uuid[], %(message_id)s::uuid[], %(attempt)s::int[], %(status)s::text[],
            %(http_status)s::int[], %(error_code)s::text[], %(error)s::text[],
            %(external_id)s::text[], %(started_at)s::timestamptz[])
    AS attempt(id, message_id, number, outcome, http_status, error_code, error, external_id,
               started_at)
JOIN messages message ON message.id = attempt.message_id
ORDER BY message.id, attempt.number
ON CONFLICT (message_id, number) DO UPDATE
SET outcome = excluded.outcome, http_status = excluded.http_status,
    error_code = excluded.error_code, error = excluded.error,
    external_id = excluded.external_id, started_at = excluded.started_at,
    ended_at = excluded.ended_at
WHERE message_attempts.outcome = 'unknown'
