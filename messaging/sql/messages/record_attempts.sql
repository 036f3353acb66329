-- One row an attempt; what becomes known later replaces what was unknown.
INSERT INTO message_attempts (id, tenant_id, message_id, number, outcome, http_status, error_code, error, external_id, started_at, ended_at)
SELECT e.id, m.tenant_id, m.id, e.number, e.outcome, e.http_status, e.error_code, e.error, e.external_id, e.started_at, now()
FROM unnest(%(ids)s::uuid[], %(message_id)s::uuid[], %(attempt)s::int[], %(status)s::text[], %(http_status)s::int[],
            %(error_code)s::text[], %(error)s::text[], %(external_id)s::text[], %(started_at)s::timestamptz[])
     AS e(id, message_id, number, outcome, http_status, error_code, error, external_id, started_at)
JOIN messages m ON m.id = e.message_id
ORDER BY m.id, e.number
ON CONFLICT (message_id, number) DO UPDATE
SET outcome = excluded.outcome, http_status = excluded.http_status, error_code = excluded.error_code, error = excluded.error,
    external_id = excluded.external_id, started_at = excluded.started_at, ended_at = excluded.ended_at
WHERE message_attempts.outcome = 'unknown'
