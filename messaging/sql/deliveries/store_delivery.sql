-- Keep a webhook's bytes, due at once or, where it is one of our own making, so many seconds later,
-- as if it came then. No RETURNING: the door may not read.
INSERT INTO webhook_deliveries
    (id, kind, address, lane, route_hint, body, received_at, waits_since, due_at, attempts, error)
SELECT %(id)s, %(kind)s, %(address)s, %(lane)s, %(route_hint)s, %(body)s, at, at, at, 0, ''
FROM (SELECT now() + make_interval(secs => %(after)s)) AS moment(at)
