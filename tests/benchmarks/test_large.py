"""The large data set, made small."""

import pytest

from tests.benchmarks.large import api_lists, filling, kept
from tests.support.api_schema import operations

pytestmark = pytest.mark.whatsapp

MESSAGES, TENANTS = 2000, 20
# not their text: an expression that is read again may be written another way
RULES = """
    SELECT conrelid::regclass, conname, contype, conkey, confkey, convalidated FROM pg_constraint
    WHERE connamespace = 'messaging'::regnamespace ORDER BY 1, 2
"""
INDEXES = """
    SELECT indexrelid::regclass, indkey::text, indisunique, indpred IS NULL
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'messaging'::regnamespace ORDER BY indexrelid::regclass::text
"""
COUNTED = """
    SELECT count(*), count(*) FILTER (WHERE slug = 't1'), max(seq),
           (SELECT count(*) FROM messaging.events) >= count(*)
    FROM messaging.messages JOIN messaging.tenants ON tenants.id = tenant_id
"""


@pytest.fixture
def done(monkeypatch, tmp_path):
    """What is done to the kept server, without a server."""
    done = []
    monkeypatch.setattr(kept, "elsewhere", lambda purpose: tmp_path)
    monkeypatch.setattr(kept, "Place", lambda folder: folder)
    monkeypatch.setattr(kept, "make", lambda *told: done.append("made"))
    monkeypatch.setattr(kept, "migrate", lambda *told: done.append("migrated"))
    return done


def test_a_kept_data_set_is_migrated_and_made_anew_only_where_other_rows_are_wanted(done, tmp_path):
    def place_of(messages):
        kept.place_of(messages, TENANTS, lambda line: None)
        return [done.pop() for _ in tuple(done)]

    first, again = place_of(MESSAGES), place_of(MESSAGES)
    (tmp_path / "migrated").write_text("an earlier release's")
    after_a_migration, and_again = place_of(MESSAGES), place_of(MESSAGES)

    assert (first, again) == (["made"], [])
    assert (after_a_migration, and_again) == (["migrated"], [])
    assert place_of(MESSAGES + 1) == ["made"]


def test_the_data_set_keeps_every_rule_and_its_lists_are_measured(db_rows):
    before = [db_rows.execute(each).fetchall() for each in (RULES, INDEXES)]
    filling.fill(db_rows, MESSAGES, TENANTS, lambda line: None)
    (messages,) = (each for each in operations() if each.id == "list_messages")
    pages = list(api_lists.pages_of(messages, "large", api_lists.tenants_asker("t1")))

    assert [db_rows.execute(each).fetchall() for each in (RULES, INDEXES)] == before
    assert db_rows.execute(COUNTED).fetchone() == (MESSAGES, MESSAGES // 5, MESSAGES // 50, True)
    assert [(page.name, page.place) for page in pages if page.cost.ms] == [
        ("messages", "first"),
        ("messages", "deep"),
        ("messages?conversation", "first"),
        ("messages?external_id", "first"),
        ("messages?needs_attention=true", "first"),
    ]
