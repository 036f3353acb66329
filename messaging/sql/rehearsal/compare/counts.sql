-- How many rows of each subject the recording has, and how many differ, by the way in which they
-- do.
SELECT subject, count(recorded.said) AS recorded,
       count(*) FILTER (WHERE rehearsed.said IS NULL) AS missing,
       count(*) FILTER (WHERE recorded.said IS NULL) AS new,
       count(*) FILTER (WHERE recorded.said <> rehearsed.said) AS changed
FROM (SELECT * FROM rehearsal.told WHERE pass = 'recorded') recorded
FULL JOIN (SELECT * FROM rehearsal.told WHERE pass = 'rehearsed') rehearsed USING (subject, key)
WHERE %(tenant_id)s::uuid IS NULL
   OR coalesce(recorded.tenant_id, rehearsed.tenant_id) = %(tenant_id)s::uuid
GROUP BY subject
