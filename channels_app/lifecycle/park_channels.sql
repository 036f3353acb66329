-- Park channels whose token or account was refused, unless they got another token meanwhile. An
-- account that is restricted takes its other channels with it. Returns what was parked, and what
-- somebody holds locked, to be parked later.
WITH refused AS (
    SELECT own.id, own.tenant_id, own.kind, own.account_id, refusal.status, refusal.reason,
           refusal.recovers_by
    FROM unnest(%(ids)s::uuid[], %(credentials)s::text[], %(statuses)s::text[], %(reasons)s::text[],
                %(recoveries)s::text[])
        AS refusal(id, credentials, status, reason, recovers_by)
    JOIN channels own ON own.id = refusal.id AND own.credentials = refusal.credentials
), wanted AS (
    SELECT DISTINCT ON (channel.id)
           channel.id, channel.tenant_id, channel.credentials, refused.id AS refused_id,
           refused.status, refused.reason, refused.recovers_by
    FROM channels channel
    JOIN refused
        ON refused.id = channel.id
        OR (refused.status = 'restricted' AND refused.tenant_id = channel.tenant_id
            AND refused.kind = channel.kind AND refused.account_id = channel.account_id)
    WHERE channel.status = 'live' ORDER BY channel.id, refused.id = channel.id DESC
), locked AS (
    SELECT id FROM channels WHERE id IN (SELECT id FROM wanted) AND status = 'live'
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), parked AS (
    UPDATE channels channel
    SET status = wanted.status, status_reason = left(wanted.reason, 500),
        recovers_by = wanted.recovers_by, parked_at = now()
    FROM locked JOIN wanted USING (id)
    WHERE channel.id = locked.id AND channel.status = 'live'
      AND channel.credentials = wanted.credentials
    RETURNING channel.id
)
SELECT wanted.id, wanted.refused_id, wanted.tenant_id, wanted.status, wanted.reason,
       EXISTS (SELECT FROM parked WHERE parked.id = wanted.id) AS is_parked
FROM wanted
