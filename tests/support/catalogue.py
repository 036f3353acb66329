"""What a database holds, object by object: two that are the same were prepared alike."""

from collections.abc import Sequence

import psycopg

# PostgreSQL 15.20 keeps a mark of its own there, which differs between two servers
OPTIONS = """nullif(ARRAY(SELECT option FROM unnest(attoptions) option
        WHERE option NOT LIKE 'pg_attver=%'), '{}')"""
ACL = """(SELECT coalesce(array_agg(concat_ws(' ', coalesce(r.rolname::text, 'PUBLIC'),
    privilege_type, CASE WHEN is_grantable THEN 'may grant' END, 'by', grantor::regrole)
    ORDER BY r.rolname, privilege_type), '{{}}')
    FROM aclexplode(coalesce({0}, acldefault('{1}', {2}))) LEFT JOIN pg_roles r ON r.oid = grantee)
"""
OURS = "('messaging'::regnamespace, 'jobs'::regnamespace)"
OUR_ROLES = "(r.rolname LIKE 'msg\\_%' OR r.rolname = 'postgres')"
CATALOGUE = {
    "schemas": f"""SELECT nspname, nspowner::regrole, {ACL.format("nspacl", "n", "nspowner")}
        FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'""",
    "relations": f"""SELECT oid::regclass, relkind, relowner::regrole, relpersistence,
        relrowsecurity, relforcerowsecurity, relreplident, reloptions, relispartition, amname,
        CASE WHEN relkind = 'S' THEN {ACL.format("relacl", "s", "relowner")}
            WHEN relkind = 'r' THEN {ACL.format("relacl", "r", "relowner")} END
        FROM (SELECT c.*, amname FROM pg_class c LEFT JOIN pg_am a ON a.oid = relam) c
        WHERE relnamespace IN {OURS} OR relnamespace = 'public'::regnamespace""",
    "columns": f"""SELECT attrelid::regclass,
        row_number() OVER (PARTITION BY attrelid ORDER BY attnum), attname,
        format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attidentity,
        attgenerated, attcollation, attstorage, attcompression, coalesce(attstattarget, -1),
        {OPTIONS}, {ACL.format("attacl", "c", "relowner")}
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace IN {OURS} AND attnum > 0 AND NOT attisdropped""",
    # from PostgreSQL 18 on, NOT NULL is a constraint too; "columns" has it on every version
    "constraints": f"""SELECT conrelid::regclass, conname, contype, pg_get_constraintdef(oid),
        convalidated, condeferrable, condeferred, conindid::regclass
        FROM pg_constraint WHERE connamespace IN {OURS} AND contype <> 'n'""",
    "indexes": f"""SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), indisvalid, indisready,
        indisprimary, indisunique, indisclustered, indisreplident
        FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace IN {OURS}""",
    "statistics": f"""SELECT stxname, pg_get_statisticsobjdef(oid), stxowner::regrole
        FROM pg_statistic_ext WHERE stxnamespace IN {OURS}""",
    "policies": "SELECT * FROM pg_policies",
    "triggers": f"""SELECT tgrelid::regclass, tgname, pg_get_triggerdef(t.oid), tgenabled
        FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE relnamespace IN {OURS} AND NOT tgisinternal""",
    "functions": f"""SELECT oid::regprocedure, proowner::regrole, pg_get_functiondef(oid),
        {ACL.format("proacl", "f", "proowner")} FROM pg_proc WHERE pronamespace IN {OURS}""",
    "types": f"""SELECT oid::regtype, typtype, typowner::regrole,
        ARRAY(SELECT enumlabel FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder),
        {ACL.format("typacl", "T", "typowner")} FROM pg_type t WHERE typnamespace IN {OURS}""",
    "sequences": f"""SELECT seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax,
        seqmin, seqcache, seqcycle, refobjid::regclass, attname, deptype
        FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid
        JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i')
        JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
        WHERE relnamespace IN {OURS}""",
    "default privileges": f"""SELECT defaclrole::regrole, defaclnamespace::regnamespace,
        defaclobjtype, {ACL.format("defaclacl", "r", "defaclrole")} FROM pg_default_acl""",
    "roles": f"""SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
        rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil
        FROM pg_roles r WHERE {OUR_ROLES}""",
    "memberships": f"""SELECT m.roleid::regrole, m.member::regrole, m.grantor::regrole,
        to_jsonb(m) - '{{oid,roleid,member,grantor}}'::text[]
        FROM pg_auth_members m JOIN pg_roles r ON r.oid IN (m.roleid, m.member)
        WHERE {OUR_ROLES}""",
    "settings": """SELECT coalesce(setrole::regrole::text, ''), setdatabase <> 0, setconfig
        FROM pg_db_role_setting""",
    "comments": f"""SELECT objoid, objsubid, description FROM pg_description
        JOIN pg_class c ON c.oid = objoid WHERE relnamespace IN {OURS}""",
    "migrations": "SELECT app, name FROM messaging.django_migrations",
    "content types": "SELECT app_label, model FROM messaging.django_content_type",
    "permissions": """SELECT app_label, model, codename, name FROM messaging.auth_permission p
        JOIN messaging.django_content_type t ON t.id = p.content_type_id""",
}


def catalogue(url: str) -> dict[str, list[str]]:
    """Every object with all that is said of it, as text, by the kind of object."""
    with psycopg.connect(url) as connection:
        connection.execute("SET search_path = pg_catalog")
        return {
            kind: sorted(as_text(row) for row in connection.execute(query).fetchall())
            for kind, query in CATALOGUE.items()
        }


def as_text(row: Sequence[object]) -> str:
    return " | ".join(map(str, row))
