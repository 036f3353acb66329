"""The audit log's table and page: entries are added and read, and nobody changes or deletes one,
but the oldest by the purge.
"""

import json
import re
from datetime import timedelta
from getpass import getuser

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenants import audit
from tenants.audit import Action
from tenants.models import AuditEntry, Tenant, User
from tenants.models.uuid7 import first_id_at
from tenants.scope import auth_scope, operator_scope, router_scope, tenant_scope
from tests.support.raw import refusal, rows

DENIED = "42501"
LOG = reverse("admin:tenants_auditentry_changelist")
PASSWORD = "a-password-of-the-tests"


@pytest.fixture
def root(db_rows) -> User:
    with auth_scope():
        return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def staff(root) -> Client:
    client = Client()
    with auth_scope():
        client.force_login(root)
    return client


def read(who: User | None, *tenants: Tenant, **detail: str) -> None:
    """That somebody read the rows of tenants."""
    with operator_scope():
        audit.record(who, Action.READ, Tenant, audit.of_rows(tenants), **detail)


def shown(staff: Client, **asked: object) -> list[tuple[str, ...]]:
    """(person, deed, tenant) of each entry on the page, the newest first."""
    page = staff.get(LOG, asked)
    assert page.status_code == 200
    names = ("who", "action_shown", "tenant")
    found = re.findall(
        rf'class="field-({"|".join(names)})[^"]*"[^>]*>(.*?)</td>', page.content.decode(), re.DOTALL
    )
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for _, cell in found]
    return list(zip(*[iter(cells)] * len(names), strict=True))


def test_an_entry_about_an_app_that_is_gone_is_shown_by_the_name_of_then(staff, db_rows):
    db_rows.execute(
        "INSERT INTO messaging.audit_entries (id, at, username, action, kind, object_ids, detail)"
        " VALUES (gen_random_uuid(), now(), 'grace', 'read', 'telegram.account', '{}', '{}')"
    )

    assert [cells[0] for cells in shown(staff)] == ["grace (a command)"]
    assert "telegram.account" in staff.get(LOG).content.decode()


CHANGES = [
    "UPDATE audit_entries SET username = 'nobody'",
    "UPDATE audit_entries SET at = at",
    "DELETE FROM audit_entries",
    "TRUNCATE audit_entries",
]


@pytest.mark.parametrize("scope", [operator_scope, auth_scope, router_scope])
def test_no_role_that_staff_work_as_changes_or_deletes_an_entry_by_any_statement(
    scope, root, acme, db_rows
):
    read(root, acme)
    before = db_rows.execute("SELECT e::text FROM messaging.audit_entries e").fetchall()

    with scope():
        assert {change: refusal(change) for change in CHANGES} == dict.fromkeys(CHANGES, DENIED)
    assert before == db_rows.execute("SELECT e::text FROM messaging.audit_entries e").fetchall()


def test_the_runtime_role_neither_reads_adds_nor_changes_entries(root, acme):
    read(root, acme)
    every = [*CHANGES, "SELECT 1 FROM audit_entries", "SELECT purge_audit_entries(NULL, 1)"]
    every.append("INSERT INTO audit_entries DEFAULT VALUES")

    with tenant_scope(acme.id):
        assert {each: refusal(each) for each in every} == dict.fromkeys(every, DENIED)


def test_an_action_that_there_is_not_is_refused(root):
    with operator_scope():
        assert (
            refusal(
                "INSERT INTO audit_entries (id, at, username, action, kind, object_ids, detail)"
                " VALUES (gen_random_uuid(), now(), '', 'dreamed', '', '{}', '{}')"
            )
            == "23514"
        )


def aged(db_rows, days: int, username: str) -> None:
    at = timezone.now() - timedelta(days=days)
    db_rows.execute(
        "INSERT INTO messaging.audit_entries (id, at, username, action, kind, object_ids, detail)"
        " VALUES (%s, %s, %s, 'sign_in', '', '{}', '{}')",
        [first_id_at(at), at, username],
    )


def test_the_purge_deletes_what_is_older_than_it_says(db_rows, capsys):
    for days in (401, 399, 1):
        aged(db_rows, days, f"{days} days")
    call_command("purge", audit=400)

    assert json.loads(capsys.readouterr().out)["audit"] == 1
    with operator_scope():
        left = AuditEntry.objects.order_by("-id").values_list("username", "action")
        assert list(left) == [(getuser(), "delete"), ("1 days", "sign_in"), ("399 days", "sign_in")]


def test_nothing_younger_than_ninety_days_is_purged_whoever_asks(db_rows):
    for days in (91, 89):
        aged(db_rows, days, f"{days} days")
    with pytest.raises(CommandError, match="The audit log is kept for 90 days"):
        call_command("purge", audit=89)

    with operator_scope():
        now = first_id_at(timezone.now())
        assert rows("SELECT purge_audit_entries(%s, 1000)", now) == [(1,)]
        assert rows("SELECT username FROM audit_entries") == [("89 days",)]


def test_the_page_shows_entries_newest_first_by_person_deed_tenant_and_row(
    staff, root, acme, globex
):
    with auth_scope():
        grace = User.objects.create_user("grace", is_staff=True)
    read(grace, acme, globex)
    read(root, globex)
    with operator_scope():
        audit.record(grace, Action.SIGN_OUT)

    everything = [
        ("grace", "Signed out", "-"),
        ("root", "Read", "Globex"),
        ("grace", "Read", "Globex"),
        ("grace", "Read", "Acme"),
    ]
    of_globex = everything[1:3]
    assert shown(staff) == everything
    assert shown(staff, person=grace.pk) == [each for each in everything if each[0] == "grace"]
    assert shown(staff, action__exact="sign_out") == everything[:1]
    assert shown(staff, kind="tenants.tenant") == everything[1:]
    assert shown(staff, tenant__id__exact=globex.pk) == of_globex
    assert shown(staff, object=globex.pk) == of_globex
    an_hour_ago = timezone.now() - timedelta(hours=1)
    assert shown(staff, at__gte=an_hour_ago) == everything
    assert shown(staff, at__lt=an_hour_ago) == []


def test_the_page_is_searched_by_a_persons_name_a_slug_and_the_id_of_a_row(
    staff, root, acme, globex
):
    read(root, acme, globex)

    of_acme, of_globex = ("root", "Read", "Acme"), ("root", "Read", "Globex")
    for asked in ("acme", str(acme.pk)):
        assert of_acme in shown(staff, q=asked) and of_globex not in shown(staff, q=asked)
    assert shown(staff, q="root")[-2:] == [of_globex, of_acme]
    assert shown(staff, q="nobody") == []


def test_nobody_adds_changes_or_deletes_an_entry_on_the_page(staff, root, acme):
    read(root, acme)
    with operator_scope():
        row = f"{LOG}{AuditEntry.objects.get().pk}/"
    page = staff.get(f"{row}change/")

    assert (page.status_code, b'name="_save"' in page.content) == (200, False)
    assert [
        staff.post(f"{row}change/", {"username": "nobody"}).status_code,
        staff.post(f"{row}delete/", {"post": "yes"}).status_code,
        staff.get(f"{LOG}add/").status_code,
    ] == [403] * 3


def log_of(staff: Client, page: str) -> list[tuple[str, str]]:
    """(address, words) of each link of a row's page to the log."""
    shown = staff.get(f"/admin/{page}/change/").content.decode()
    return re.findall(rf'<a href="({LOG}\?[^"]+)">(.*?)</a>', shown)


def test_the_page_of_a_row_leads_to_its_entries(staff, root, acme, globex):
    read(root, globex)
    read(None, acme)
    with operator_scope():
        entry = AuditEntry.objects.latest("id").pk

    of_acme = f"{LOG}?tenant__id__exact={acme.pk}"
    assert log_of(staff, f"tenants/tenant/{acme.pk}") == [(of_acme, "Audit log")]
    assert log_of(staff, f"tenants/user/{root.pk}") == [(f"{LOG}?object={root.pk}", "Audit log")]
    assert log_of(staff, f"tenants/auditentry/{entry}") == []
    (person, *others), *more = shown(staff, tenant__id__exact=acme.pk)
    assert (person.endswith("(a command)"), others, more) == (True, ["Read", "Acme"], [])


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_asks_as_much_whatever_the_number_of_entries(number, staff, root, acme):
    for _ in range(number):
        read(root, acme)
    staff.get(LOG)
    with CaptureQueriesContext(connection) as queries:
        assert len(shown(staff)) == number

    assert len(queries) == 9
