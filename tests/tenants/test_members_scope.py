"""The pages of a tenant's own people touch tenants' rows as the runtime role alone, and in the
scope of that tenant, whoever asks: platform staff too.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from messaging.models import Media
from tenants.models import Membership, Tenant, User
from tenants.scope import auth_scope, operator_scope
from tests.support.raw import TENANT_TABLES, snapshot

pytestmark = pytest.mark.whatsapp

TABLES = re.compile(rf'"({"|".join([*TENANT_TABLES, "tenants"])})"|colleagues\(\)')
WHO = "SELECT current_user::text, coalesce(current_setting('app.tenant_id', true), '')"
Seen = set[tuple[str, str]]


@contextmanager
def watched() -> Iterator[Seen]:
    """(role, tenant) of each statement that names a table of tenants' rows."""
    seen: Seen = set()

    def watch(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if TABLES.search(sql):
            seen.add(connection.connection.execute(WHO).fetchone())
        return execute(sql, *more)

    with connection.execute_wrapper(watch):
        yield seen


@pytest.fixture
def owner(both) -> Client:
    """Of Acme, and a superuser of the platform: that gives nothing here."""
    client = Client()
    with operator_scope():
        user = User.objects.create_superuser("ada", password="of the tests")
        Membership.objects.create(tenant=both[0], user=user, role="owner")
    with auth_scope():
        client.force_login(user)
    return client


Asked = tuple[str, str, dict[str, str]]  # method, address, fields


def pages_of(tenant: Tenant) -> list[Asked]:
    """What the tenant's people may ask for, of rows of its own."""
    with operator_scope():
        file = Media.objects.filter(tenant=tenant).earliest("id").pk
        member = Membership.objects.filter(tenant=tenant).earliest("id").pk
    staff = f"/staff/{tenant.slug}"
    return [
        ("GET", f"{staff}/members/", {}),
        ("GET", f"{staff}/media/{file}/", {}),
        ("GET", "/connect/whatsapp/", {"tenant": tenant.slug}),
        ("POST", f"{staff}/members/role/{member}/", {"role": "agent"}),
        ("POST", f"{staff}/members/remove/{member}/", {}),
    ]


def ask(client: Client, method: str, address: str, fields: dict[str, str]) -> HttpResponse:
    return client.get(address, fields) if method == "GET" else client.post(address, fields)


def test_each_page_touches_rows_as_the_runtime_role_in_its_tenants_scope(owner, both):
    acme, _ = both
    for asked in pages_of(acme):
        with watched() as seen:
            ask(owner, *asked)
        assert (asked[1], seen) == (asked[1], {("msg_app", str(acme.pk))})


def test_no_page_opens_the_scope_of_a_tenant_that_one_does_not_work_for(owner, both, db_rows):
    acme, globex = both
    before = snapshot(db_rows, globex)
    for asked in pages_of(globex):
        with watched() as seen:
            answer = ask(owner, *asked)
        assert (asked[1], answer.status_code in (200, 404)) == (asked[1], True)
        assert seen <= {("msg_app", str(acme.pk))}
        assert b"Globex" not in answer.content
    assert snapshot(db_rows, globex) == before


@pytest.mark.parametrize("path", ["members/", "media/01a204db-d4b2-7652-861f-d79f213b8342/"])
def test_a_superuser_who_works_for_no_tenant_finds_no_page_of_one(path, both):
    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_superuser("root", password="of the tests"))

    assert client.get(f"/staff/acme/{path}").status_code == 404
