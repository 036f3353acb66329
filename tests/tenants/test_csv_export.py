"""A list of the back-office as a file for a spreadsheet: what is in it, and what never is."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.admin.lists import csv_export
from tenants.models import Tenant, User
from tenants.scope import auth_scope, operator_scope
from tests.support.cast import create_tenant

HARMFUL = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u00a0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "\u2212cmd",
]
HARMLESS = ["", "Acme", "Ada = Grace", "1-2", "Å", "مرحبا", "\N{WAVING HAND SIGN}", "'=1"]


def lines_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_is_exported_as_it_is_filtered_with_its_columns_in_words(root, acme, globex):
    with operator_scope():
        Tenant.objects.filter(id=globex.id).update(status="suspended", name='Globex, "Inc"\nEast')
        Tenant.objects.filter(id=acme.id).update(created_at="2026-11-28T20:00:00Z")
    answer = root.get("/admin/tenants/tenant/export/")
    suspended = root.get("/admin/tenants/tenant/export/?status__exact=suspended&p=7")

    assert answer.content.startswith("\ufeff".encode())
    assert (answer["Content-Type"], answer["Cache-Control"], answer["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        "no-store, max-age=0, no-cache, must-revalidate, private",
        f'attachment; filename="tenants-{timezone.localdate():%Y-%m-%d}.csv"',
    )
    header, first, second = lines_of(answer)
    assert (len(header), first[:3]) == (4, ['Globex, "Inc"\nEast', "globex", "Suspended"])
    assert second == ["Acme", "acme", "Active", "2026-11-28 20:00:00+00:00"]
    assert [line[1] for line in lines_of(suspended)[1:]] == ["globex"]


def test_the_button_of_a_list_exports_what_it_shows(root, acme):
    page = root.get("/admin/tenants/tenant/?status__exact=active").content.decode()

    assert 'href="/admin/tenants/tenant/export/?status__exact=active"' in page


@pytest.mark.parametrize("cell", HARMFUL)
def test_what_a_spreadsheet_would_take_for_a_formula_begins_with_an_apostrophe(cell):
    assert csv_export.harmless(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are():
    assert [csv_export.harmless(cell) for cell in HARMLESS] == HARMLESS


def test_a_name_that_is_a_formula_is_text_in_the_file(root):
    create_tenant("acme", '=HYPERLINK("https://evil.example","Acme")')

    assert lines_of(root.get("/admin/tenants/tenant/export/"))[1][0] == (
        '\'=HYPERLINK("https://evil.example","Acme")'
    )


def test_a_file_is_bounded_and_says_so_in_its_last_line(root, acme, globex, monkeypatch):
    monkeypatch.setattr(csv_export, "MOST", 1)

    assert [line[0] for line in lines_of(root.get("/admin/tenants/tenant/export/"))[1:]] == [
        "Globex",
        "Only the first 1 rows are in this file. Filter the list to get the others.",
    ]


def test_an_export_reads_a_portion_of_its_rows_at_a_time(root, monkeypatch):
    monkeypatch.setattr(csv_export, "PORTION", 2)
    for number in range(5):
        create_tenant(f"tenant-{number}", "Acme")
    read = []

    def noted(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if '"tenants"."name"' in sql:
            read.append(context["cursor"].rowcount)
        return answer

    with connection.execute_wrapper(noted):
        rows = lines_of(root.get("/admin/tenants/tenant/export/"))[1:]

    assert [row[1] for row in rows] == [f"tenant-{number}" for number in (4, 3, 2, 1, 0)]
    _page_of_the_list, *portions = read
    assert portions == [2, 2, 1]


def test_an_export_asks_as_often_whatever_the_number_of_rows(root):
    asked = []
    for number in (1, 3, 30):
        for each in range(number):
            create_tenant(f"tenant-{number}-{each}", "Acme")
        with CaptureQueriesContext(connection) as queries:
            assert root.get("/admin/tenants/tenant/export/").status_code == 200
        asked.append(len(queries))

    assert asked == [asked[0]] * 3


def test_who_may_not_see_a_list_gets_no_file_of_it(db_rows, acme):
    client = Client()
    with auth_scope():
        grace = User.objects.create_user("grace", password="correct horse", is_staff=True)
        client.force_login(grace)
    refused = client.get("/admin/tenants/tenant/export/").status_code
    with auth_scope():
        grace.user_permissions.set(Permission.objects.filter(codename="view_tenant"))

    assert (refused, client.get("/admin/tenants/tenant/export/").status_code) == (403, 200)
    assert Client().get("/admin/tenants/tenant/export/").status_code == 302
