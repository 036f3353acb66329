"""docs/distribution.md says of each table, key and statement what Citus would make of it."""

import pytest

from tests.distribution import catalogue, page, rules, statements
from tests.distribution.catalogue import ForeignKey, Table, UniqueKey
from tests.distribution.places import PLACES, Place

pytestmark = pytest.mark.whatsapp  # its tables are among them

TOO_OLD = "docs/distribution.md is not what stands in the database: run `make distribution`."
SHOPS = {"orders": Place.DISTRIBUTED, "customers": Place.DISTRIBUTED, "countries": Place.REFERENCE}
SHOPS |= {"inbox": Place.COORDINATOR}
ID = UniqueKey("orders_pkey", ["id"])
IN_TENANT = UniqueKey("order_in_tenant", ["tenant_id", "id"])
OF_A_CUSTOMER = [["tenant_id", "tenant_id"], ["customer_id", "id"]]


def test_every_table_has_a_place_and_no_other_has_one(db_rows):
    assert sorted(catalogue.tables(db_rows)) == sorted(PLACES)


def test_every_table_with_a_tenant_that_is_never_null_is_distributed_or_a_reference(db_rows):
    found = catalogue.tables(db_rows)
    with_a_tenant = {name for name, table in found.items() if "tenant_id" in table.never_null}
    assert {name for name in with_a_tenant if PLACES[name] == Place.COORDINATOR} == set()


@pytest.mark.parametrize("part", ["tables", "statements", "distributed"])
def test_the_page_says_what_the_catalogue_and_the_statements_say(db_rows, part):
    written = page.PAGE.read_text().partition(f"<!-- {part} -->\n")[2]
    assert written.partition(f"\n<!-- end of {part} -->")[0] == page.parts(db_rows)[part], TOO_OLD


def orders(*keys: UniqueKey, to: ForeignKey | None = None, trigger: str = "") -> list[str]:
    table = Table(
        "orders",
        ["id", "tenant_id"],
        list(keys),
        [to] if to else [],
        [trigger] if trigger else [],
    )
    return list(rules.changes(table, SHOPS))


def test_a_key_without_the_tenant_gives_way_to_one_that_has_it():
    assert orders(ID, IN_TENANT) == ["`orders_pkey` (id): `order_in_tenant` takes its place"]
    assert orders(UniqueKey("number_once", ["number"])) == [
        "`number_once` (number) becomes (tenant_id, number), and holds within a tenant alone"
    ]


def test_a_key_of_a_tenants_row_gets_the_tenant_and_loses_nothing():
    to = ForeignKey("of_a_customer", "customers", "a", OF_A_CUSTOMER)
    assert orders(UniqueKey("one_a_day", ["customer_id", "day"]), to=to) == [
        "`one_a_day` (customer_id, day) becomes (tenant_id, customer_id, day)"
    ]


@pytest.mark.parametrize(
    ("target", "pairs", "on_delete", "told"),
    [
        ("customers", OF_A_CUSTOMER, "a", []),
        ("customers", OF_A_CUSTOMER[1:], "a", ["has to include `tenant_id`"]),
        ("customers", OF_A_CUSTOMER, "n", ["may not SET NULL"]),
        ("countries", [["country_id", "id"]], "a", []),
        ("inbox", [["inbox_id", "id"]], "a", ["is refused: the code has to keep it"]),
    ],
)
def test_a_foreign_key_holds_the_tenant_or_points_at_a_copy(target, pairs, on_delete, told):
    found = orders(to=ForeignKey("points", target, on_delete, pairs))
    assert found == [f"the foreign key `points` to `{target}` {each}" for each in told]


def test_a_table_of_the_coordinator_points_at_no_shard():
    key = ForeignKey("points", "orders", "a", [["order_id", "id"]])
    assert list(rules.changes(Table("inbox", [], [], [key]), SHOPS)) == [
        "the foreign key `points` to `orders` is refused: the code has to keep it"
    ]


def test_a_distributed_table_has_no_trigger():
    assert orders(trigger="stamps") == ["the trigger `stamps` is refused"]


def test_a_distributed_table_needs_a_tenant_in_every_row():
    assert list(rules.changes(Table("orders", ["id"]), SHOPS)) == [
        "`tenant_id` is missing or may be NULL"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT id FROM orders WHERE number = %(number)s", "every shard is asked"),
        (
            "SELECT id FROM orders WHERE tenant_id = %(tenant_id)s FOR UPDATE SKIP LOCKED",
            "one shard",
        ),
        (
            "SELECT id FROM orders -- of all\nFOR NO KEY UPDATE SKIP LOCKED",
            "no: locks rows of several shards",
        ),
        (
            "WITH old AS (SELECT id FROM orders) DELETE FROM orders USING old WHERE old.id = id",
            "no: changes rows that another part of it chose",
        ),
        (
            "SELECT * FROM unnest(%(ids)s) id CROSS JOIN LATERAL (SELECT FROM orders) found",
            "no: looks rows up one by one by another column",
        ),
    ],
)
def test_a_statement_is_of_one_shard_of_each_or_refused(text, told):
    verdict = statements.verdict("orders.sql", text, SHOPS)
    assert (verdict.tables, page.told_of(verdict)) == (["orders"], told)


def test_a_statement_of_the_coordinators_tables_alone_is_left_out():
    text = "SELECT id FROM inbox FOR UPDATE SKIP LOCKED"
    assert statements.verdict("inbox.sql", text, SHOPS).tables == []
