-- What default privileges gave to others is taken back before ours is given.
DO $$
DECLARE
    everybody text;
    schema text;
    kind text;
BEGIN
    SELECT string_agg(quote_ident(rolname), ', ') INTO everybody FROM pg_roles
    WHERE rolname IN ({outsiders})
       OR rolname IN ({roles});
    FOREACH schema IN ARRAY ARRAY[{schemas}] LOOP
        FOREACH kind IN ARRAY ARRAY['TABLES', 'SEQUENCES', 'FUNCTIONS'] LOOP
            EXECUTE format('REVOKE ALL ON ALL %s IN SCHEMA %I FROM PUBLIC, %s',
                kind, schema, everybody);
        END LOOP;
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, %s', schema, everybody);
    END LOOP;
END $$;
