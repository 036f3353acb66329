-- A channel whose token or account was refused takes no more messages out, unless it got another token meanwhile. An account that
-- is restricted takes its other channels with it.
WITH refused AS (
    SELECT own.id, own.tenant_id, own.kind, own.account_id, e.status, e.reason
    FROM unnest(%(ids)s::uuid[], %(credentials)s::text[], %(statuses)s::text[], %(reasons)s::text[])
         AS e(id, credentials, status, reason)
    JOIN channels own ON own.id = e.id AND own.credentials = e.credentials
), mine AS (
    SELECT c.id FROM channels c JOIN refused r
        ON r.id = c.id OR (r.status = 'restricted' AND r.tenant_id = c.tenant_id AND r.kind = c.kind AND r.account_id = c.account_id)
    WHERE c.status = 'live' ORDER BY c.id FOR NO KEY UPDATE OF c
)
UPDATE channels c SET status = r.status, status_reason = left(r.reason, 500)
FROM mine, refused r
WHERE c.id = mine.id AND c.status = 'live'
  AND (r.id = c.id OR (r.status = 'restricted' AND r.tenant_id = c.tenant_id AND r.kind = c.kind AND r.account_id = c.account_id))
RETURNING c.id
