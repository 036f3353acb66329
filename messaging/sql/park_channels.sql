-- A channel whose token was refused needs reconnecting, unless it got another token meanwhile.
WITH mine AS (SELECT id FROM channels WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE)
UPDATE channels c SET status = 'needs_reauth', status_reason = left(e.reason, 500)
FROM unnest(%(ids)s::uuid[], %(credentials)s::text[], %(reasons)s::text[]) AS e(id, credentials, reason)
JOIN mine USING (id)
WHERE c.id = e.id AND c.status = 'live' AND c.credentials = e.credentials
RETURNING c.id
