-- Give positions to the first events that wait for one, in the order of their numbers; the lock of
-- lock_positions.sql is held. Positions are drawn from the sequence of the numbers: it never goes
-- back, whatever is rolled back or purged.
WITH waiting AS (
    SELECT id FROM events WHERE position IS NULL ORDER BY number LIMIT %(at_most)s
), positions AS MATERIALIZED (
    SELECT id, nextval('events_number_seq') AS position FROM waiting
), given AS (
    UPDATE events event SET position = positions.position
    FROM positions WHERE event.id = positions.id
    RETURNING event.id
)
SELECT count(*) AS number FROM given
