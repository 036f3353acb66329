-- Every index of our tables that no constraint brings with it: the table and its statement.
SELECT i.indrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) || ';' AS statement
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = ANY(%(schemas)s::regnamespace[])
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid
      AND contype IN ('p', 'u', 'x'))
ORDER BY c.relname
