-- The message that each stands behind. Only what both passes have counts, and not what has moved to
-- another conversation.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
WITH both_have AS (
    SELECT before.tenant_id, before.key, before.thread, before.place, before.seq,
           after.seq AS seq_now
    FROM rehearsal.told before JOIN rehearsal.told after
        ON after.subject = 'messages' AND after.pass = 'rehearsed' AND after.key = before.key
        AND after.thread = before.thread
    WHERE before.subject = 'messages' AND before.pass = 'recorded' AND before.seq IS NOT NULL
      AND after.seq IS NOT NULL
), behind AS (
    SELECT tenant_id, key, place, lag(key) OVER (PARTITION BY thread ORDER BY seq) AS recorded,
           lag(key) OVER (PARTITION BY thread ORDER BY seq_now) AS rehearsed
    FROM both_have
)
SELECT pass, 'places of messages', tenant_id, key, place,
       jsonb_build_object('behind', CASE pass WHEN 'recorded' THEN recorded ELSE rehearsed END)
FROM behind CROSS JOIN (VALUES ('recorded'), ('rehearsed')) AS passes(pass)
