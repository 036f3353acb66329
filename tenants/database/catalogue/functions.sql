-- Every function of our schemas: its signature, its statement, and its owner where that is not the
-- tables'.
SELECT p.oid::regprocedure::text AS name,
    rtrim(pg_get_functiondef(p.oid), E'\n') || ';' AS statement,
    CASE WHEN p.proowner <> n.nspowner THEN p.proowner::regrole::text END AS owner
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.oid = ANY(%(schemas)s::regnamespace[])
ORDER BY n.nspname DESC, p.oid::regprocedure::text
