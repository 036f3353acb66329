-- A day's webhooks, spread over it evenly and processed, with bodies of the size of Meta's; of one in
-- a thousand an item was set aside.
WITH day AS (
    SELECT (lpad(to_hex(ms), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid AS id, n,
           to_timestamp(ms / 1000.0::float8) AS at
    FROM generate_series(1, %(number)s::bigint) n,
         LATERAL (SELECT %(began)s::bigint + n * 86400000 / %(number)s AS ms) moment
), delivered AS (
    INSERT INTO webhook_deliveries
        (id, kind, body, received_at, waits_since, attempts, processed_at, error)
    SELECT id, 'whatsapp',
           convert_to(repeat(md5(n::text), 24), 'UTF8'), at, at, 1, at, ''
    FROM day
    RETURNING id, received_at
)
INSERT INTO dead_letters
    (id, position, cause, reason, kind, channel_external_id, item, created_at, delivery_id)
SELECT id, 0, 'rejected', 'It cannot be recorded.', 'whatsapp', '', '{}', received_at, id
FROM delivered WHERE hashtext(id::text) %% 1000 = 0;
