"""What the audit log holds of a file that was saved: whose rows, which, how many, and by what they
were filtered.
"""

import pytest

from tenants.admin.lists import csv_export
from tenants.models import AuditEntry
from tenants.scope import operator_scope
from tests.support.lists import id_of, people, signed_in

pytestmark = pytest.mark.whatsapp
FILE = "/admin/messaging/contact/export/"


@pytest.fixture
def root(db_rows):
    return signed_in()


def entries():
    with operator_scope():
        told = AuditEntry.objects.filter(action="export").order_by("id")
        return [(each.tenant_id, each.kind, sorted(each.object_ids), each.detail) for each in told]


def test_a_file_is_noted_for_each_tenant_with_its_rows_and_the_names_of_its_filters(
    root, db_rows, acme_whatsapp, globex_whatsapp
):
    people(db_rows, acme_whatsapp, 1, 2)
    people(db_rows, globex_whatsapp, 3, 3)
    assert root.get(FILE).status_code == 200
    assert root.get(FILE, {"tenant": "globex", "q": "Person 3"}).status_code == 200

    acme, globex, kind = acme_whatsapp.tenant_id, globex_whatsapp.tenant_id, "messaging.contact"
    everything, filtered = entries()[:2], entries()[2:]
    assert sorted(everything, key=lambda entry: entry[2]) == [
        (acme, kind, [id_of(1), id_of(2)], {"filters": [], "rows": 2}),
        (globex, kind, [id_of(3)], {"filters": []}),
    ]
    assert filtered == [(globex, kind, [id_of(3)], {"filters": ["q", "tenant"]})]


def test_a_long_file_is_noted_a_portion_at_a_time_and_what_is_cut_off_is_not_noted(
    root, db_rows, acme_whatsapp, monkeypatch
):
    monkeypatch.setattr(csv_export, "PORTION", 2)
    monkeypatch.setattr(csv_export, "MOST", 3)
    people(db_rows, acme_whatsapp, 1, 5)
    file = root.get(FILE).content.decode()

    assert [ids for _, _, ids, _ in entries()] == [[id_of(4), id_of(5)], [id_of(3)]]
    assert "Only the first 3 rows are in this file." in file.splitlines()[-1]


def test_an_empty_file_is_noted_too(root):
    assert root.get(FILE).status_code == 200

    assert entries() == [(None, "messaging.contact", [], {})]


def test_a_filter_that_there_is_not_leads_to_the_list_and_nothing_is_noted(root):
    answer = root.get(FILE, {"password__startswith": "a"})

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/admin/messaging/contact/?e=1",
    )
    assert entries() == []
