-- What is due now: new deliveries, rests of large ones, deliveries that a process began and did not
-- finish, and messages. No more than the first 200 that wait are looked at, in the order of their
-- index, however many are believed to be due; where as many deliveries wait, anything may be due.
SELECT is_new OR wait_in_plenty AS new, is_rest OR wait_in_plenty AS rests,
       is_suspect OR wait_in_plenty AS suspects, wait_in_plenty AS in_plenty, messages
FROM (
    SELECT count(*) = 200 AS wait_in_plenty,
           coalesce(bool_or(is_due AND attempts = 0 AND recorded_items = 0), false) AS is_new,
           coalesce(bool_or(is_due AND attempts = 0 AND recorded_items > 0), false) AS is_rest,
           coalesce(bool_or(is_due AND attempts > 0), false) AS is_suspect
    FROM (
        SELECT due_at <= now() AS is_due, attempts, recorded_items FROM webhook_deliveries
        WHERE due_at IS NOT NULL
        ORDER BY route_hint, lane, id LIMIT 200
    ) delivery
) deliveries, (
    SELECT coalesce(bool_or(is_due AND status = 'queued'), false) AS messages
    FROM (
        SELECT due_at <= now() AS is_due, status FROM messages
        WHERE due_at < timestamptz '9999-01-01'
        ORDER BY due_at LIMIT 200
    ) message
) messages
