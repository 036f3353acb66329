"""Staff without permissions: every page of the back-office refuses them, by every address and every
question, shows nothing of any tenant and changes nothing.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern

from tenants.models import AuditEntry, User
from tenants.scope import auth_scope, operator_scope
from tests.support.addresses import every_address
from tests.support.cast import ADA, GRACE
from tests.support.raw import snapshot

pytestmark = pytest.mark.whatsapp

CANARIES = [ADA, GRACE, "A secret of", "Acme", "Globex", "acme", "globex"]
ADMINS = list(admin.site._registry.items())


@pytest.fixture
def staff(both) -> Client:
    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_user("grace", is_staff=True))
    return client


def pages_of(model: type, shown: admin.ModelAdmin, row: object) -> Iterator[str]:
    """Each address of a model's pages, those of its own too, for a row that there is."""
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    for pattern in shown.get_urls():
        if isinstance(pattern, URLPattern) and pattern.name:
            route = str(pattern.pattern)
            for name in pattern.pattern.converters:
                route = route.replace(f"<path:{name}>", str(row))
                route = route.replace(f"<uuid:{name}>", str(row)).replace(f"<{name}>", str(row))
            yield base + route
    yield from (f"{base}?{query}" for query in questions(model, row))


def questions(model: type, row: object) -> Iterator[str]:
    yield from ("q=acme", "_popup=1", "_popup=1&_to_field=id", "e=1", "p=2", "all=")
    yield f"id__exact={row}"
    yield from (f"{look_up}=acme" for look_up in ("tenant__slug__exact", "slug__startswith"))
    yield f"tenant__id__exact={row}"


def a_row_of(model: type) -> object:
    with operator_scope():
        first = model._base_manager.order_by("pk").first()
    return first.pk if first else "01a204db-d4b2-7652-861f-d79f213b8342"


def leaks(content: bytes) -> list[str]:
    text = content.decode()
    return [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize(("model", "shown"), ADMINS, ids=lambda each: getattr(each, "__name__", ""))
def test_every_page_of_a_model_refuses_and_tells_nothing(model, shown, staff, both, db_rows):
    row = a_row_of(model)
    before = [snapshot(db_rows, tenant) for tenant in both]
    pages = list(pages_of(model, shown, row))
    actions = [each if isinstance(each, str) else each.__name__ for each in shown.actions]

    read = [(page, staff.get(page)) for page in pages]
    written = [(page, staff.post(page, {"post": "yes", "confirmed": "yes"})) for page in pages]
    for action in ("delete_selected", *actions):
        form = {"action": action, "_selected_action": [str(row)], "index": "0", "confirmed": "yes"}
        written.append((action, staff.post(pages[0], form)))

    answers = [(page, answer.status_code, leaks(answer.content)) for page, answer in read + written]
    assert [each for each in answers if each[1:] not in ((403, []), (302, []))] == []
    assert {page.partition("?")[0] for page, status, _ in answers if status == 302} <= redirects(
        model, row
    )
    assert [snapshot(db_rows, tenant) for tenant in both] == before
    with operator_scope():
        assert AuditEntry.objects.filter(action="refused").count() == len(
            [status for _, status, _ in answers if status == 403]
        )


def redirects(model: type, row: object) -> set[str]:
    """Django's own ways: from a row's address to its form, and from the history of what is not
    there to the first page.
    """
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row}/"
    return {address, f"{address}history/"}


def test_the_pages_beside_the_models_tell_nothing_either(staff, both):
    with auth_scope():
        types = list(ContentType.objects.values_list("id", flat=True))
    rows = {model._meta.label_lower: a_row_of(model) for model, _ in ADMINS}
    query = "/admin/autocomplete/?app_label={}&model_name={}&field_name={}&term="
    asked = [
        query.format(model._meta.app_label, model._meta.model_name, field.name)
        for model, _ in ADMINS
        for field in model._meta.concrete_fields
        if field.is_relation
    ]
    asked += [f"/admin/r/{type_id}/{row}/" for type_id in types for row in rows.values()]
    asked += [page for page in every_address() if page.startswith("/admin/")]
    answers = [(page, staff.get(page)) for page in asked if page != "/admin/logout/"]
    leaking = [(page, leaks(answer.content)) for page, answer in answers]

    assert len(asked) > 200
    assert [each for each in leaking if each[1]] == []
    assert {page.status_code for asked, page in answers if "/autocomplete/?" in asked} == {403}
