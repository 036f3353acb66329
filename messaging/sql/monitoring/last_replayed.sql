-- When the last transaction was committed that this server had from another one, before it took
-- over; NULL: it never followed one, or was started again since.
SELECT pg_last_xact_replay_timestamp() AS moment
