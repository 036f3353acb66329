-- Take an idempotency key that nobody has, or that is over; no row: a request that was done has it.
INSERT INTO idempotency_keys (id, tenant_id, key, request_hash, created_at)
VALUES (%(id)s, %(tenant_id)s, %(key)s, %(request_hash)s, statement_timestamp())
ON CONFLICT (tenant_id, key) DO UPDATE
SET request_hash = excluded.request_hash, created_at = excluded.created_at, status = NULL,
    answer = NULL
WHERE idempotency_keys.created_at < %(over_before)s
RETURNING id
