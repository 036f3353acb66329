-- Lease enabled endpoints that have something to send: an event that was set aside and is to be
-- tried again, or one behind the cursor, unless too many are set aside. Those that have waited
-- longest come first. Of endpoints that were due before `since`, only those are looked at whose
-- tenant has an event after the position `after`: the others had nothing to send by then.
-- OFFSET 0 has each look-up made by its index for one endpoint after the other.
WITH due AS (
    SELECT endpoint.id FROM webhook_endpoints endpoint
    WHERE endpoint.status = 'enabled' AND endpoint.due_at <= now()
      AND endpoint.is_slow = %(slow)s
      AND (endpoint.id IN (
              SELECT aside.endpoint_id FROM webhook_set_aside aside
              WHERE aside.next_try_at <= now())
           OR (endpoint.due_at >= %(since)s OR endpoint.tenant_id IS NULL
               OR endpoint.tenant_id IN (
                   SELECT event.tenant_id FROM events event WHERE event.position > %(after)s))
              AND CASE WHEN endpoint.tenant_id IS NULL THEN EXISTS (
                      SELECT FROM events event
                      WHERE event.position > endpoint.position OFFSET 0)
                  ELSE EXISTS (
                      SELECT FROM events event
                      WHERE event.tenant_id = endpoint.tenant_id
                        AND event.position > endpoint.position OFFSET 0) END
              AND (SELECT count(*) FROM (
                      SELECT FROM webhook_set_aside aside
                      WHERE aside.endpoint_id = endpoint.id LIMIT %(most_set_aside)s
                  ) counted) < %(most_set_aside)s)
    ORDER BY endpoint.due_at LIMIT %(at_most)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE webhook_endpoints endpoint
SET lease = %(lease)s, due_at = now() + make_interval(secs => %(seconds)s)
FROM due WHERE endpoint.id = due.id
RETURNING endpoint.id
