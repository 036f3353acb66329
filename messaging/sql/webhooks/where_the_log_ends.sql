-- The newest position of the event log, and a moment that no transaction under way began before.
SELECT now() - make_interval(secs => %(seconds)s) AS since,
       coalesce(max(event.position), 0) AS position
FROM events event
