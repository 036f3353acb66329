"""Citus's rules for tables (docs/distribution.md names where each is written): what of a table
would be refused where `places` puts it, and what would stand there instead.
"""

from collections.abc import Iterator, Mapping

from tests.distribution.catalogue import ForeignKey, Table, UniqueKey
from tests.distribution.places import COLUMN, Place

Places = Mapping[str, Place]
REFUSED = {
    (Place.DISTRIBUTED, Place.COORDINATOR),
    (Place.REFERENCE, Place.DISTRIBUTED),
    (Place.COORDINATOR, Place.DISTRIBUTED),
}
SETS_COLUMNS = {"n": "SET NULL", "d": "SET DEFAULT"}


def changes(table: Table, places: Places) -> Iterator[str]:
    """Yield what a move must change of a table, in Markdown."""
    place = places[table.name]
    if place == Place.DISTRIBUTED:
        yield from of_the_column(table)
        for key in table.unique_keys:
            yield from of_a_unique_key(key, table)
    for key in table.foreign_keys:
        yield from of_a_foreign_key(key, place, places[key.target])
    if place != Place.COORDINATOR:
        for trigger in table.triggers:
            yield f"the trigger `{trigger}` is refused"


def of_the_column(table: Table) -> Iterator[str]:
    if COLUMN not in table.never_null:
        yield f"`{COLUMN}` is missing or may be NULL"


def of_a_unique_key(key: UniqueKey, table: Table) -> Iterator[str]:
    """A unique key is kept by each shard for itself: it has to hold the distribution column."""
    if COLUMN in key.columns:
        return
    wanted = [COLUMN, *key.columns]
    standing = [other.name for other in table.unique_keys if other.columns == wanted]
    told = f"`{key.name}` ({', '.join(key.columns)})"
    if standing:
        yield f"{told}: `{standing[0]}` takes its place"
    elif set(key.columns) & within_a_tenant(table):
        yield f"{told} becomes ({', '.join(wanted)})"
    else:
        yield f"{told} becomes ({', '.join(wanted)}), and holds within a tenant alone"


def within_a_tenant(table: Table) -> set[str]:
    """Return the columns that name a row of one tenant: with them in a key, the tenant in it loses
    nothing.
    """
    within = [key.pairs for key in table.foreign_keys if [COLUMN, COLUMN] in key.pairs]
    return {column for pairs in within for column, _theirs in pairs} - {COLUMN}


def of_a_foreign_key(key: ForeignKey, place: Place, target: Place) -> Iterator[str]:
    """Between shards it has to hold the distribution column on both sides, and may not change it; a
    copied table is pointed at from everywhere, and may point at the coordinator's.
    """
    told = f"the foreign key `{key.name}` to `{key.target}`"
    if target == Place.DISTRIBUTED and place == Place.DISTRIBUTED:
        if [COLUMN, COLUMN] not in key.pairs:
            yield f"{told} has to include `{COLUMN}`"
        elif key.on_delete in SETS_COLUMNS:
            yield f"{told} may not {SETS_COLUMNS[key.on_delete]}"
    elif target == Place.DISTRIBUTED or (
        target == Place.COORDINATOR and place == Place.DISTRIBUTED
    ):
        yield f"{told} is refused: the code has to keep it"
