-- Make the first of each of an endpoint's streams due that has no next try: what it waited for is
-- delivered or given up. The endpoint's row is locked.
UPDATE webhook_set_aside aside SET next_try_at = now()
WHERE aside.endpoint_id = %(endpoint_id)s AND aside.next_try_at IS NULL
  AND NOT EXISTS (
      SELECT FROM webhook_set_aside earlier
      WHERE earlier.endpoint_id = aside.endpoint_id AND earlier.stream_id = aside.stream_id
        AND earlier.position < aside.position)
