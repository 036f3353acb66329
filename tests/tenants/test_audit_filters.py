"""Filters of the audit log: several together find every entry, a page at a time, and a time is
found by the ids of its entries.
"""

import pytest
from django.contrib import admin

from tenants.admin.lists.changelist import CursorChangeList
from tenants.models import AuditEntry
from tests.support.lists import OLDER, id_of, numbers, page, signed_in, walk

LOG = "tenants/auditentry"
GRACE, ADA = "018f0000-0000-7000-8000-00000000aaaa", "018f0000-0000-7000-8000-00000000bbbb"
ENTRY = """
    INSERT INTO messaging.audit_entries
        (id, at, user_id, username, action, kind, object_ids, detail)
    VALUES (%s, now(), %s, 'somebody', %s, 'tenants.tenant', '{}', '{}')
"""


@pytest.fixture
def root(db_rows, monkeypatch):
    """Lists show three rows a page and go through ten."""
    monkeypatch.setattr(CursorChangeList, "read_at_most", 10)
    monkeypatch.setattr(admin.site.get_model_admin(AuditEntry), "list_per_page", 3)
    return signed_in()


def walked(root, **asked):
    """Return the numbers of each page, from the first to the last."""
    asked = "&".join(f"{name}={value}" for name, value in asked.items())
    pages = walk(lambda address: page(root, LOG, address), f"?{asked}", OLDER)
    return [numbers(each.rows) for each in pages]


@pytest.fixture
def entries(db_rows):
    """`entries(1, 9, GRACE, "read")`: nine of Grace's, and an id for each."""

    def entries(first, last, who, action):
        for number in range(first, last + 1):
            db_rows.execute(ENTRY, [id_of(number), who, action])

    return entries


def test_what_is_rare_of_two_filters_is_found_at_once_however_old_it_is(root, entries):
    entries(1, 1, GRACE, "refused")
    entries(2, 30, GRACE, "read")
    entries(31, 60, ADA, "read")

    assert walked(root, person=GRACE, action__exact="refused") == [[1]]


def test_what_is_rare_only_together_is_found_by_looking_further(root, entries):
    entries(1, 2, GRACE, "order")
    for number in range(3, 43, 2):
        entries(number, number, GRACE, "read")
        entries(number + 1, number + 1, ADA, "order")

    pages = walked(root, person=GRACE, action__exact="order", kind="tenants.tenant")
    assert [each for each in pages if each] == [[2, 1]]
    assert len(pages) == 3  # of the twenty-two orders ten, ten and two


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"at__gte": "0001-01-01 00:00:00+00:00"}, [[2, 1]]),
        ({"at__lt": "0001-01-01 00:00:00+00:00"}, []),
        ({"at__gte": "9999-12-31 23:59:59-12:00"}, []),
        ({"at__gte": "2000-01-01 00:00:00+00:00", "at__lt": "9999-12-31 23:59:59-12:00"}, [[2, 1]]),
    ],
)
def test_a_time_that_no_id_can_say_is_the_first_or_the_last_one(root, entries, asked, found):
    entries(1, 2, GRACE, "read")

    asked = {name: value.replace("+", "%2B") for name, value in asked.items()}
    assert [each for each in walked(root, person=GRACE, **asked) if each] == found
