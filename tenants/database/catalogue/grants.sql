-- Every privilege that is granted on our schemas and what lies in them to another than the owner:
-- a statement for each role and object.
WITH every AS (
    SELECT 1 AS rank, 'SCHEMA ' || quote_ident(nspname) AS object, NULL::text AS attribute,
           nspowner AS owner, acl.*
    FROM pg_namespace, aclexplode(nspacl) acl WHERE oid = ANY(%(schemas)s::regnamespace[])
    UNION ALL
    SELECT 2, CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE '' END || oid::regclass, NULL,
           relowner, acl.*
    FROM pg_class, aclexplode(relacl) acl WHERE relnamespace = ANY(%(schemas)s::regnamespace[])
    UNION ALL
    SELECT 2, c.oid::regclass::text, quote_ident(attname), relowner, acl.*
    FROM pg_class c JOIN pg_attribute ON attrelid = c.oid AND NOT attisdropped,
        aclexplode(attacl) acl
    WHERE relnamespace = ANY(%(schemas)s::regnamespace[])
    UNION ALL
    SELECT 3, 'FUNCTION ' || oid::regprocedure, NULL, proowner, acl.*
    FROM pg_proc, aclexplode(proacl) acl WHERE pronamespace = ANY(%(schemas)s::regnamespace[])
), privileges AS (
    SELECT rank, object, grantee, privilege_type, privilege_type
        || coalesce(' (' || string_agg(attribute, ', ' ORDER BY attribute) || ')', '') AS privilege
    FROM every WHERE grantee <> owner
    GROUP BY rank, object, grantee, privilege_type, attribute IS NULL
)
SELECT 'GRANT ' || string_agg(privilege, ', ' ORDER BY array_position(
        '{SELECT,INSERT,UPDATE,DELETE,USAGE,EXECUTE}', privilege_type), privilege)
    || ' ON ' || object || ' TO '
    || CASE rolname WHEN %(runtime)s THEN 'msg_app'
        ELSE coalesce(quote_ident(rolname), 'PUBLIC') END
    || ';' AS statement
FROM privileges LEFT JOIN pg_roles r ON r.oid = grantee
GROUP BY rank, object, rolname
ORDER BY rank, object, rolname
