"""Operators with some permissions, and with bad manners: pages that are older than what they show,
orders that are sent twice, bodies and addresses of any kind. Nothing breaks, and nobody does more
than they may.
"""

from collections.abc import Callable, Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern

from channels_app.models import Channel
from messaging.models import Contact, Conversation, Message
from tenants.models import AuditEntry, Tenant, User
from tenants.scope import auth_scope, operator_scope
from tests.support.operators import signed_in
from tests.support.raw import snapshot

pytestmark = pytest.mark.whatsapp

ADMINS = list(admin.site._registry.items())
LARGE = (Message, Conversation, Contact, Channel, AuditEntry, Tenant)
GONE = "01a204db-d4b2-7652-861f-d79f213b8342"
RowOf = Callable[[type[Model]], object]
YES = {"confirmed": "yes", "post": "yes"}


def list_of(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def newest(model: type[Model]) -> object:
    with operator_scope():
        found = model._base_manager.order_by("pk").last()
    return found.pk if found else GONE


def actions_of(shown: admin.ModelAdmin) -> list[str]:
    named = (each if isinstance(each, str) else each.__name__ for each in shown.actions)
    return ["delete_selected", *named]


def pages_of(model: type[Model], shown: admin.ModelAdmin, row: object) -> Iterator[str]:
    """Yield each address of a model's pages, for this row."""
    for pattern in shown.get_urls():
        if isinstance(pattern, URLPattern) and pattern.name:
            route = str(pattern.pattern)
            for name in pattern.pattern.converters:
                for converter in ("path:", "uuid:", "int:", ""):
                    route = route.replace(f"<{converter}{name}>", str(row))
            yield list_of(model) + route


def everything_done(client: Client, row_of: RowOf = newest) -> Iterator[tuple[str, int]]:
    """Ask for each page of each model, send it a form, and order each action. Yields what it was,
    and the status.
    """
    for model, shown in ADMINS:
        for page in pages_of(model, shown, row_of(model)):
            yield f"GET {page}", client.get(page).status_code
            yield f"POST {page}", client.post(page, YES).status_code
    yield from everything_ordered(client, row_of)


def everything_ordered(client: Client, row_of: RowOf = newest) -> Iterator[tuple[str, int]]:
    """Order each action, at first without the answer to its question."""
    for model, shown in ADMINS:
        for action in actions_of(shown):
            form = {"action": action, "_selected_action": [str(row_of(model))], "index": "0"}
            for sent in (form, form | YES):
                yield f"{action} {list_of(model)}", client.post(list_of(model), sent).status_code


def broken(answers: Iterator[tuple[str, int]]) -> list[tuple[str, int]]:
    told = list(answers)
    assert len(told) > 50
    return [each for each in told if each[1] >= 500]


def somebody(**rights: bool) -> User:
    with auth_scope():
        return User.objects.create_user("grace", password="correct horse", **rights)


def test_who_may_only_look_changes_nothing_on_any_page_by_any_order(both, db_rows, root):
    looking = somebody(is_staff=True)
    with auth_scope():
        looking.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    before = [snapshot(db_rows, tenant) for tenant in both]

    assert broken(everything_done(signed_in(looking))) == []
    assert [snapshot(db_rows, tenant) for tenant in both] == before
    assert broken(everything_ordered(root)) == []
    assert [snapshot(db_rows, tenant) for tenant in both] != before


def test_who_has_the_permissions_of_one_model_reaches_no_page_of_another(both, db_rows):
    client = signed_in(grace := somebody(is_staff=True))
    opened = {}
    for model in LARGE:
        names = [f"{may}_{model._meta.model_name}" for may in ("view", "add", "change", "delete")]
        with auth_scope():
            grace.user_permissions.set(Permission.objects.filter(codename__in=names))
        lists = {other: client.get(list_of(other)).status_code for other, _ in ADMINS}
        opened[model] = [other for other, status in lists.items() if status != 403]

    assert opened == {model: [model] for model in LARGE}


def test_who_is_no_staff_any_more_does_nothing_with_a_page_that_is_open(both, db_rows):
    client = signed_in(somebody(is_staff=True, is_superuser=True))
    assert client.get("/admin/").status_code == 200
    before = [snapshot(db_rows, tenant) for tenant in both]
    with auth_scope():
        User.objects.filter(username="grace").update(is_staff=False)

    assert {status for _, status in everything_done(client)} == {302}
    assert [snapshot(db_rows, tenant) for tenant in both] == before


def test_a_row_that_is_not_there_any_more_breaks_no_page_and_no_order(both, root):
    assert broken(everything_done(root, lambda model: GONE)) == []


def test_an_order_of_two_operators_who_press_the_same_button_breaks_nothing(both, root):
    colleague = signed_in(somebody(is_staff=True, is_superuser=True))

    assert broken(everything_ordered(root)) == []
    assert broken(everything_ordered(colleague)) == []


FORM = "application/x-www-form-urlencoded"
BODIES = [
    ("application/json", b'{"action": "x"}'),
    ("text/plain", b"action=x"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    ("multipart/form-data; boundary=\xff", b"--x"),
    (f"{FORM}; charset=utf-16", b"\xff\xfe\x00"),
    (f"{FORM}; charset=nonsense", b"a=b"),
    (FORM, b"a=%ff&_selected_action=%ff&action=%ff&index=0"),
    (FORM, b"&".join(b"a%d=1" % number for number in range(2000))),
    (FORM, b"_selected_action=1&" * 900 + b"action=delete_selected&index=0"),
    (FORM, b"action=x&index=0&_selected_action=" + b"a" * 100_000),
    ("", b"x"),
]


def test_no_body_of_another_kind_breaks_a_page(both, root):
    statuses = {
        (model, body[:30]): root.generic("POST", list_of(model), body, kind).status_code
        for model, _ in ADMINS
        for kind, body in BODIES
    }
    assert {what: status for what, status in statuses.items() if status >= 500} == {}


MANY = ",".join(f"{GONE[:-4]}{number:04x}" for number in range(800))
HUGE = [
    f"id__in={MANY}",
    "&".join(["tenant=a"] * 900),
    "&".join(f"q={number}" for number in range(900)),
    "&".join([f"channel={GONE}"] * 900),
    "kind=" + "x" * 30_000,
    "status__in=" + ",".join(["failed"] * 3000),
    "o=" + ".".join(str(number) for number in range(5000)),
    "p=older." + "x" * 20_000,
    "q=" + "a%20" * 3000,
    "q=%22" + "a" * 3000,
    "person=x",
    "at__gte=&at__lt=",
]


def test_no_filter_and_no_search_is_too_large_for_a_list_or_its_file(both, root):
    pages = [f"{list_of(model)}{page}" for model in LARGE for page in ("", "export/")]

    statuses = {
        (page, query[:30]): root.get(f"{page}?{query}").status_code
        for page in pages
        for query in HUGE
    }
    assert {what: status for what, status in statuses.items() if status >= 500} == {}


def test_a_search_that_is_too_long_is_refused_with_a_sentence_and_saves_no_file(both, root):
    words = "a " * 300
    asked = "/admin/channels/channel/"
    page, file = root.get(asked, {"q": words}), root.get(f"{asked}export/", {"q": words})

    assert "Search for fewer words: 512 letters at most." in page.content.decode()
    assert (file.status_code, file.headers["Location"].partition("?")[0]) == (302, asked)
