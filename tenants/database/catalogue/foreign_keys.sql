-- Every foreign key between our tables: its statement.
SELECT 'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname)
    || E'\n    ' || pg_get_constraintdef(oid) || ';' AS statement
FROM pg_constraint
WHERE connamespace = ANY(%(schemas)s::regnamespace[]) AND contype = 'f'
ORDER BY connamespace::regnamespace::text DESC, conrelid::regclass::text, conname
