"""Every view of the URL resolver is asked, by every method, with rows of Globex and of Acme in its
address, its query and its form, by people who have no business at Globex: nothing of Globex is
told, and nothing of it changes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib import admin
from django.test import Client

from tenants.models import Membership, Tenant, TenantModel, User
from tenants.scope import auth_scope, operator_scope
from tests.support.addresses import View, every_view
from tests.support.crawl import Answer, Rows, addresses, ask, every_page, rows_of
from tests.support.raw import snapshot
from tests.support.words_everywhere import give_words, write_everywhere

pytestmark = pytest.mark.whatsapp

CANARY = "canary"
READING, RARE = ("GET", "HEAD"), ("PUT", "PATCH", "DELETE", "OPTIONS")
THEY_WRITE = {  # where Globex's secrets are, whatever else holds some
    *("tenants.name", "tenants.auto_reply", "channels.name", "channels.status_reason"),
    *("contacts.name", "contacts.saved_name", "contacts.username", "contact_identities.value"),
    *("messages.text", "messages.preview", "messages.raw", "messages.error", "media.filename"),
    *("message_templates.name", "message_templates.components", "webhook_attempts.answer"),
    *("webhook_endpoints.description", "api_keys.name", "invitations.email", "users.username"),
}


@dataclass
class Stage:
    """Acme's and Globex's rows; every text of Globex's is a canary."""

    acme: Tenant
    own: Rows
    foreign: Rows
    ids: set[str]  # of Globex's rows
    everything: Callable[[], dict]  # that Globex has

    @property
    def form(self) -> dict[str, Any]:
        """What names Globex, under every name that a form of ours may have."""
        ids = self.foreign.ids
        of_fields = {f"{name}_id": id for name, id in ids.items()}
        chosen = list(ids.values())
        return ids | of_fields | {"tenant": "globex", "_selected_action": chosen, "role": "owner"}

    @property
    def queries(self) -> list[str]:
        ids = self.foreign.ids
        of_rows = [f"{name}={ids[name]}" for name in ("signup", "message", "conversation")]
        look_ups = [f"tenant__id__exact={ids['tenant']}", "tenant=globex", f"q={ids['message']}"]
        places = ["next=/staff/globex/members/", f"before={ids['message']}", f"at={ids['message']}"]
        rest = ["_popup=1", "_to_field=id", "e=1", "p=1", "o=1", "all=", "q=can", "export=csv"]
        each = [*of_rows, *look_ups, *places, *rest]
        return [*each, "&".join(each)]


@pytest.fixture
def stage(
    both: tuple[Tenant, Tenant], db_rows: psycopg.Connection, settings: Any, tmp_path: Path
) -> Stage:
    acme, globex = both
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.FILES_ON_DISK, "OPTIONS": {"location": str(tmp_path)}},
    }
    for tenant in both:
        (tmp_path / f"{tenant.slug}.jpg").write_text(f"{CANARY} in a file of {tenant.slug}")
        db_rows.execute(
            "UPDATE messaging.media SET status = 'stored', file = %s WHERE tenant_id = %s",
            [f"{tenant.slug}.jpg", tenant.id],
        )
    (tmp_path / "acme.jpg").write_text("a file of Acme's")
    give_words(db_rows)
    written = write_everywhere(db_rows, lambda place: f"{CANARY} of {place}", of=globex)
    assert written >= THEY_WRITE

    def everything() -> dict:
        jobs = db_rows.execute(
            "SELECT args FROM jobs.procrastinate_jobs WHERE args::text LIKE %s", [f"%{globex.id}%"]
        ).fetchall()
        of_people = db_rows.execute(
            "SELECT to_jsonb(u) FROM messaging.users u JOIN messaging.memberships ON user_id = u.id"
            " WHERE tenant_id = %s ORDER BY u.id",
            [globex.id],
        ).fetchall()
        itself = db_rows.execute(
            "SELECT to_jsonb(t) FROM messaging.tenants t WHERE id = %s", [globex.id]
        ).fetchall()
        rest = {"jobs": jobs, "users": of_people, "tenants": itself}
        return snapshot(db_rows, globex) | rest

    ids = {str(row["id"]) for rows in snapshot(db_rows, globex).values() for row in rows}
    return Stage(acme, rows_of(db_rows, acme), rows_of(db_rows, globex), ids, everything)


def owner_of_acme(client: Client, acme: Tenant) -> None:
    with operator_scope():
        ada = User.objects.filter(username="ada").first()
        if not ada:
            ada = User.objects.create_user("ada", password="correct horse")
            Membership.objects.create(tenant=acme, user=ada, role="owner")
    sign_in(client, ada)


def operator_without_permissions(client: Client, acme: Tenant) -> None:
    with auth_scope():
        user, _ = User.objects.get_or_create(username="olga", is_staff=True)
    sign_in(client, user)


def stranger(client: Client, acme: Tenant) -> None:
    client.cookies.clear()


def sign_in(client: Client, user: User) -> None:
    with auth_scope():
        client.force_login(user)


def asked(client: Client, stage: Stage, come_in: Callable[[], None]) -> Iterator[Answer]:
    """Every answer. Who left, at a page that signs out, comes in again."""
    for view in every_view():
        cookie = client.cookies.get("sessionid")
        ways = addresses(view, *whose(view, stage))
        for address in ways:
            for method in READING:
                answer = ask(client, method, address)
                yield answer
                if answer.response.status_code == 200 and method == "GET":
                    yield from (ask(client, "GET", f"{address}?{each}") for each in stage.queries)
        yield from (ask(client, "POST", each, stage.form) for each in ways)
        yield from (ask(client, method, ways[-1]) for method in RARE)
        if view.name == "admin:autocomplete":
            yield from (ask(client, "GET", f"{ways[0]}?{each}") for each in completions())
        if client.cookies.get("sessionid") != cookie or "logout" in view.template:
            come_in()


def whose(view: View, stage: Stage) -> list[Rows]:
    """Whose rows stand in its address: in the back-office, nobody of these has any."""
    is_operators = view.template.startswith("/admin/")
    return [stage.foreign] if is_operators else [stage.own, stage.foreign]


def completions() -> list[str]:
    """What every field that is completed asks for."""
    return [
        f"term=can&app_label={model._meta.app_label}&model_name={model._meta.model_name}"
        f"&field_name={field}"
        for model, shown in admin.site._registry.items()
        for field in shown.autocomplete_fields
    ]


@pytest.mark.parametrize("who", [owner_of_acme, operator_without_permissions, stranger])
def test_nobody_outside_globex_is_told_or_changes_anything_of_it_at_any_address(stage, who):
    client = Client(raise_request_exception=False)
    who(client, stage.acme)
    before = stage.everything()
    told, broken, opened = [], [], 0
    for answer in asked(client, stage, lambda: who(client, stage.acme)):
        opened += answer.response.status_code == 200
        if answer.response.status_code >= 500:
            broken.append((answer.asked[:200], answer.response.status_code))
        if CANARY in answer.told or answer.ids() & stage.ids:
            told.append(answer.asked[:200])

    assert (told, broken) == ([], [])
    assert stage.everything() == before
    assert opened > 20


def test_whoever_may_see_globex_is_told_at_the_same_addresses(stage):
    """What the crawl looks for is there: an operator sees it on the page of every kind of row."""
    client = Client(raise_request_exception=False)
    with auth_scope():
        sign_in_as = User.objects.create_superuser("olga", password="correct horse")
    sign_in(client, sign_in_as)
    telling = {
        address.split("/")[3]
        for view, address in every_page(stage.foreign)
        if address.startswith("/admin/") and view.parts
        if CANARY in ask(client, "GET", address).told
    }
    kinds = {
        model._meta.model_name for model in admin.site._registry if issubclass(model, TenantModel)
    }

    assert kinds - telling == set()
    assert len(kinds) > 10


def test_what_globexs_own_owner_does_at_the_same_addresses_is_told_and_changes_something(stage):
    client = Client(raise_request_exception=False)
    with operator_scope():
        owner = User.objects.get(memberships__tenant__slug="globex")
    sign_in(client, owner)
    before = stage.everything()
    telling = {
        view.name
        for view, address in every_page(stage.foreign)
        if address.startswith(("/staff/", "/connect/"))
        if CANARY in ask(client, "GET", address).told
    }
    withdrawn = f"/staff/globex/members/withdraw/{stage.foreign.ids['invitation']}/"
    ask(client, "POST", withdrawn)

    assert {"connect_whatsapp", "staff", "staff_members", "staff_media"} - telling == set()
    assert stage.everything() != before
