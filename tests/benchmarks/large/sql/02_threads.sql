-- Who writes to whom. `threads`: each conversation, numbered, with its tenant, channel and contact.
-- `placed`: each pair of a message and its answer, with its thread and its place in it, and what
-- became of the answer.
CREATE TEMPORARY TABLE shares ON COMMIT DROP AS
SELECT share.*, (sum(threads) OVER (ORDER BY tenant_no) - threads)::bigint AS first
FROM (
    SELECT n AS tenant_no, tenants.id AS tenant_id,
           CASE WHEN n = 1 THEN %(messages)s / 50
                ELSE 1 + floor(%(messages)s * 0.032 * (
                    ((n - 1) / (%(tenants)s - 2.0)::float8) ^ (1 / 3.0::float8)
                    - ((n - 2) / (%(tenants)s - 2.0)::float8) ^ (1 / 3.0::float8)))
           END::bigint AS threads
    FROM generate_series(1, %(tenants)s - 1) n JOIN tenants ON slug = 't' || n
) share;

-- Numbered by chance, so that neighbours in a table are of different tenants.
CREATE TEMPORARY TABLE threads ON COMMIT DROP AS
SELECT number, place, tenant_no, tenant_id, pg_temp.id_at(ms, place) AS id,
       CASE WHEN tenant_no = 1 AND number %% 10000 = 9999
            THEN pg_temp.id_at(%(began)s, 0) ELSE tenant_id END AS channel_id,
       (491510000000 + number)::text AS address, ms
FROM (
    SELECT *, %(began)s + place * 31536000000 / count(*) OVER () AS ms
    FROM (
        SELECT first + n AS number, tenant_no, tenant_id,
               row_number() OVER (ORDER BY hashint8extended(first + n, 1)) - 1 AS place
        FROM shares, generate_series(0, threads - 1) n
    ) shuffled
) timed
ORDER BY place;

CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
SELECT pair, thread, row_number() OVER (PARTITION BY thread ORDER BY pair) AS turn,
       CASE WHEN chance < 0.650 THEN 'read' WHEN chance < 0.880 THEN 'delivered'
            WHEN chance < 0.940 THEN 'sent' WHEN chance < 0.970 THEN 'accepted'
            WHEN chance < 0.990 THEN 'failed' WHEN chance < 0.994 THEN 'unknown'
            ELSE 'expired' END AS answer_status
FROM (
    SELECT pair, pg_temp.fraction(pair, 4) AS chance, CASE
               WHEN pair %% 50 = 0 THEN 0
               WHEN pair %% 5 = 0 THEN 1 + pair / 5 * 7919 %% (%(messages)s / 50 - 1)
               ELSE first + floor(threads * pg_temp.fraction(pair, 2))
           END::bigint AS thread
    FROM (
        SELECT pair, CASE WHEN pair %% 5 = 0 THEN 1
                   ELSE 2 + floor((%(tenants)s - 2) * pg_temp.fraction(pair, 3) ^ 3) END AS tenant_no
        FROM generate_series(0, %(messages)s::bigint / 2 - 1) pair
    ) chosen JOIN shares USING (tenant_no)
) spread
ORDER BY pair;
ANALYZE shares;
ANALYZE threads;
ANALYZE placed;
