-- How long things have been waiting, in seconds, by the look-up functions that may see it; NULL:
-- nothing waits, nobody was seen.
SELECT heartbeat, jobs_age() AS jobs, delivery, message, events_age() AS event,
       current_setting('synchronous_commit') <> 'off'
       AND current_setting('transaction_read_only') = 'off' AS is_durable
FROM pipeline_ages()
