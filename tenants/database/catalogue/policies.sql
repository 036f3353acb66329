-- Every policy of our tables: the table and its statement.
SELECT p.polrelid::regclass::text AS name,
    'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || p.polrelid::regclass ||
    CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END ||
    CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT'
        WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END ||
    CASE WHEN p.polroles = '{0}' THEN '' ELSE ' TO ' || (
        SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname)
        FROM pg_roles WHERE oid = ANY(p.polroles)) END ||
    coalesce(E'\n    USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') ||
    coalesce(E'\n    WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') || ';'
    AS statement
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = ANY(%(schemas)s::regnamespace[])
ORDER BY p.polname
