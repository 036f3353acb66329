-- Every type of our schemas that is no table's: its statement.
SELECT 'CREATE TYPE ' || t.oid::regtype || CASE t.typtype
    WHEN 'e' THEN ' AS ENUM (' || (
        SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
        FROM pg_enum WHERE enumtypid = t.oid)
    ELSE E' AS (\n    ' || (
        SELECT string_agg(
            quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), E',\n    '
            ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = t.typrelid AND NOT attisdropped) || E'\n'
    END || ');' AS statement
FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typnamespace = ANY(%(schemas)s::regnamespace[])
  AND (t.typtype = 'e' OR c.relkind = 'c')
ORDER BY t.oid::regtype::text
