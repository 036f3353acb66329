-- Every trigger of our tables: its statement.
SELECT pg_get_triggerdef(t.oid) || ';' AS statement
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = ANY(%(schemas)s::regnamespace[]) AND NOT t.tgisinternal
ORDER BY c.oid::regclass::text, t.tgname
