-- How long things have been waiting, in seconds, by the look-up function that may see it; NULL: nothing waits.
SELECT heartbeat, delivery, message,
       current_setting('synchronous_commit') <> 'off' AND current_setting('transaction_read_only') = 'off' AS is_durable
FROM pipeline_ages()
