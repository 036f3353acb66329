-- Record how an endpoint's turn ended, and end its lease. Its row is locked.
-- It is disabled if it says so (410), or if the last try of an event failed and nothing has
-- succeeded since that event's first.
WITH settled AS (
    SELECT id, now() AS at,
           CASE WHEN %(failures)s = 0 THEN NULL
                WHEN %(has_succeeded)s OR failing_since IS NULL THEN now()
                ELSE failing_since END AS failing_since
    FROM webhook_endpoints WHERE id = %(id)s
), judged AS (
    SELECT *, CASE WHEN %(is_gone)s THEN 'gone'
                   WHEN failing_since <= %(given_up_from)s::timestamptz THEN 'failing'
                   ELSE '' END AS reason
    FROM settled
)
UPDATE webhook_endpoints endpoint
SET position = %(position)s, lease = NULL, failures = %(failures)s, is_slow = %(is_slow)s,
    failing_since = judged.failing_since,
    due_at = judged.at + make_interval(secs => %(rest)s),
    status = CASE WHEN reason = '' THEN status ELSE 'disabled' END,
    disabled_at = CASE WHEN status = 'enabled' AND reason <> '' THEN at ELSE disabled_at END,
    disabled_reason = CASE WHEN status = 'enabled' THEN reason ELSE disabled_reason END
FROM judged WHERE endpoint.id = judged.id
RETURNING endpoint.status, endpoint.disabled_reason
