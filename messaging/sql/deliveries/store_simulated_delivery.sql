-- Keep a webhook of our own making for a test channel, due so many seconds later, as if it came
-- then.
SELECT store_simulated_delivery(
    %(id)s::uuid, %(tenant_id)s::uuid, %(channel_id)s::uuid, %(lane)s::smallint,
    %(body)s::bytea, %(after)s::float8
)
