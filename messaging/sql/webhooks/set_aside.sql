-- Set events of an endpoint aside, or note another failed try of those that are. Its row is locked.
INSERT INTO webhook_set_aside (id, tenant_id, endpoint_id, event_id, stream_id, position, tries,
                               next_try_at, created_at)
SELECT event.id, endpoint.tenant_id, endpoint.id, event.event_id, event.stream_id, event.position,
       event.tries, now() + make_interval(secs => event.retry_in), now()
FROM webhook_endpoints endpoint
CROSS JOIN unnest(%(id)s::uuid[], %(event_id)s::uuid[], %(stream_id)s::uuid[],
                  %(position)s::bigint[], %(tries)s::int[], %(retry_in)s::float[])
    AS event(id, event_id, stream_id, position, tries, retry_in)
WHERE endpoint.id = %(endpoint_id)s
ON CONFLICT (endpoint_id, event_id) DO UPDATE
SET tries = excluded.tries, next_try_at = excluded.next_try_at
