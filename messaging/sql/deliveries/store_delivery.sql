-- Keep a webhook's bytes, due at once. No RETURNING: the door may not read.
INSERT INTO webhook_deliveries
    (id, kind, address, lane, route_hint, body, received_at, waits_since, due_at, attempts, error)
VALUES (%(id)s, %(kind)s, %(address)s, %(lane)s, %(route_hint)s, %(body)s,
    now(), now(), now(), 0, '')
