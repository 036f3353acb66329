"""What the catalogue says of each table that Citus has a rule for."""

from dataclasses import dataclass, field

import psycopg

SCHEMAS = "ARRAY['messaging', 'jobs']::regnamespace[]"
TABLES = f"""
    SELECT c.relname, ARRAY(
        SELECT attname::text FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attnotnull)
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = ANY({SCHEMAS})"""
# an expression of an index has no column: Citus asks for the column itself
UNIQUE_KEYS = f"""
    SELECT t.relname, k.relname, ARRAY(
        SELECT attname::text FROM unnest(i.indkey[:i.indnkeyatts - 1])
            WITH ORDINALITY AS key (number, place)
        JOIN pg_attribute ON attrelid = t.oid AND attnum = key.number ORDER BY place)
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class k ON k.oid = i.indexrelid
    WHERE i.indisunique AND t.relnamespace = ANY({SCHEMAS}) AND t.relkind IN ('r', 'p')
    ORDER BY i.indisprimary DESC, k.relname"""
FOREIGN_KEYS = f"""
    SELECT (SELECT relname FROM pg_class WHERE oid = conrelid), conname,
        (SELECT relname FROM pg_class WHERE oid = confrelid), confdeltype::text,
        ARRAY(SELECT ARRAY[ours.attname::text, theirs.attname::text]
            FROM unnest(conkey, confkey) AS pair (our, their)
            JOIN pg_attribute ours ON ours.attrelid = conrelid AND ours.attnum = pair.our
            JOIN pg_attribute theirs ON theirs.attrelid = confrelid AND theirs.attnum = pair.their)
    FROM pg_constraint WHERE contype = 'f' AND connamespace = ANY({SCHEMAS}) ORDER BY conname"""
TRIGGERS = f"""
    SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = ANY({SCHEMAS}) ORDER BY tgname"""
FUNCTIONS = """
    SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'messaging'::regnamespace
    ORDER BY proname"""


@dataclass(frozen=True)
class UniqueKey:
    name: str
    columns: list[str]


@dataclass(frozen=True)
class ForeignKey:
    """`pairs`: our column and the one of `target` that it means. `on_delete`: PostgreSQL's letter
    for it.
    """

    name: str
    target: str
    on_delete: str
    pairs: list[list[str]]


@dataclass
class Table:
    name: str
    never_null: list[str]
    unique_keys: list[UniqueKey] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)


def tables(connection: psycopg.Connection) -> dict[str, Table]:
    """Return every table of our schemas, by its name."""
    found = {
        name: Table(name, never_null) for name, never_null in connection.execute(TABLES.encode())
    }
    for table, *key in connection.execute(UNIQUE_KEYS.encode()):
        found[table].unique_keys.append(UniqueKey(*key))
    for table, *foreign in connection.execute(FOREIGN_KEYS.encode()):
        found[table].foreign_keys.append(ForeignKey(*foreign))
    for table, trigger in connection.execute(TRIGGERS.encode()):
        found[table].triggers.append(trigger)
    return found


def functions(connection: psycopg.Connection) -> dict[str, str]:
    """Return the text of every function of ours, by its name."""
    return dict(connection.execute(FUNCTIONS.encode()).fetchall())
