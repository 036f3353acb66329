-- Every index of our tables that no constraint brings with it, and then what the planner is to know
-- of several columns together: the table and its statement.
SELECT name, statement || ';' AS statement FROM (
    SELECT i.indrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS statement,
           1 AS part, c.relname AS called
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = ANY(%(schemas)s::regnamespace[])
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid
          AND contype IN ('p', 'u', 'x'))
    UNION ALL
    SELECT stxrelid::regclass::text, pg_get_statisticsobjdef(oid), 2, stxname
    FROM pg_statistic_ext WHERE stxnamespace = ANY(%(schemas)s::regnamespace[])
) made
ORDER BY part, called
