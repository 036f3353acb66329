-- Take an idempotency key that nobody has, or that is over; no row: a request that was done has it.
INSERT INTO idempotency_keys (id, tenant_id, key, request_hash, status, answer, created_at)
VALUES (%(id)s, %(tenant_id)s, %(key)s, %(request_hash)s, 0, '', statement_timestamp())
ON CONFLICT (tenant_id, key) DO UPDATE
SET request_hash = excluded.request_hash, created_at = excluded.created_at, status = 0, answer = ''
WHERE idempotency_keys.created_at < %(over_before)s
RETURNING id
