"""Citus's rules for statements: what of each SQL file, and of each function, touches distributed
tables, and whether it could be planned as it stands.

A file is read as text: what it locks, joins and changes. One tenant alone is meant where
`tenant_id` is compared with a parameter: Citus sends that to one shard, and there all of SQL is
allowed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.development_database import PROJECT
from tests.distribution.places import Place

APPS = ("tenants", "channels_app", "messaging", "whatsapp")
# of a copy, of the catalogue and of Supabase's editor: none of them meets Citus
ELSEWHERE = ("rehearsal", "catalogue", "supabase_beginning.sql", "supabase_end.sql")
COMMENT = re.compile(r"--.*")
NAMED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+(?:\w+\.)?(\w+)", re.IGNORECASE)
ONE_TENANT = re.compile(r"\btenant_id = %\(\w+\)s|VALUES \(%\(id\)s, %\(tenant_id\)s")
LOCKS = re.compile(r"\bFOR (NO KEY )?(UPDATE|SHARE)\b")
LOOKS_UP = re.compile(r"\bLATERAL\b|\bWHERE (NOT )?EXISTS\b|\bAND (NOT )?EXISTS\b")
CHANGES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\s+(?:\w+\.)?(\w+)")
WITHIN = re.compile(r"\bAS (MATERIALIZED )?\(\s*(INSERT|UPDATE|DELETE)\b")
CHOSEN = re.compile(r"\bLIMIT\b|\bFROM unnest\b|\bWITH\b")


@dataclass(frozen=True)
class Verdict:
    """`tables`: the distributed ones. `obstacles`: none, and it is planned as it stands."""

    name: str
    tables: list[str]
    is_of_one_tenant: bool
    obstacles: list[str]


def files() -> dict[str, str]:
    """Return every SQL file of ours that would run on Citus, by its path."""
    found = (path for app in APPS for path in sorted((PROJECT / app).rglob("*.sql")))
    return {
        str(path.relative_to(PROJECT)): path.read_text()
        for path in found
        if not any(part in ELSEWHERE for part in path.relative_to(PROJECT).parts)
    }


def verdict(name: str, text: str, places: Mapping[str, Place]) -> Verdict:
    bare = COMMENT.sub("", text)
    tables = {each for each in NAMED.findall(bare) if places.get(each) == Place.DISTRIBUTED}
    alone = bool(ONE_TENANT.search(bare))
    return Verdict(name, sorted(tables), alone, [] if alone else list(obstacles(bare, tables)))


def obstacles(text: str, tables: set[str]) -> Iterator[str]:
    """Yield what Citus refuses, or does shard by shard, where more tenants than one are meant."""
    if LOCKS.search(text):
        yield "locks rows of several shards"
    if LOOKS_UP.search(text):
        yield "looks rows up one by one by another column"
    changed = {table for _verb, table in CHANGES.findall(text)} & tables
    if changed and (WITHIN.search(text) or CHOSEN.search(text)):
        yield "changes rows that another part of it chose"
