-- A channel whose token or account was refused takes no more messages out, unless it got another token meanwhile. An account that
-- is restricted takes its other channels with it. Returned: what was parked, and what somebody holds locked, to be parked later.
WITH refused AS (
    SELECT own.id, own.tenant_id, own.kind, own.account_id, e.status, e.reason, e.recovers_by
    FROM unnest(%(ids)s::uuid[], %(credentials)s::text[], %(statuses)s::text[], %(reasons)s::text[], %(recoveries)s::text[])
         AS e(id, credentials, status, reason, recovers_by)
    JOIN channels own ON own.id = e.id AND own.credentials = e.credentials
), wanted AS (
    SELECT DISTINCT ON (c.id) c.id, c.tenant_id, r.status, r.reason, r.recovers_by FROM channels c JOIN refused r
        ON r.id = c.id OR (r.status = 'restricted' AND r.tenant_id = c.tenant_id AND r.kind = c.kind AND r.account_id = c.account_id)
    WHERE c.status = 'live' ORDER BY c.id, r.id = c.id DESC
), mine AS (
    SELECT c.id FROM channels c WHERE c.id IN (SELECT id FROM wanted) AND c.status = 'live'
    ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED
), parked AS (
    UPDATE channels c
    SET status = wanted.status, status_reason = left(wanted.reason, 500), recovers_by = wanted.recovers_by, parked_at = now()
    FROM mine JOIN wanted USING (id) WHERE c.id = mine.id AND c.status = 'live'
    RETURNING c.id
)
SELECT wanted.id, wanted.tenant_id, wanted.status, wanted.reason, EXISTS (SELECT FROM parked WHERE parked.id = wanted.id) AS is_parked FROM wanted
