"""Whatever is written into an address or a form of the back-office, it is refused or shows nothing,
at every admin.
"""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from messaging.models import Message
from tenants.scope import auth_scope
from tests.support.addresses import every_address

pytestmark = pytest.mark.whatsapp

NUL, HALF, HUGE = "%00", "%ED%A0%80", "9" * 23
ODD = [NUL, HALF, HUGE, "nonsense", "-1", "99999-01-01", "1e400"]
FORM = "application/x-www-form-urlencoded"
ADMINS = list(admin.site._registry.items())
OF_LISTS = [
    "q",
    "o",
    "p",
    "all",
    "_to_field",
    "_popup",
    "_facets",
    "e",
    "pk",
    "nonsense__x",
    "id__id",
    "tenant__slug__exact",
]


def list_of(model: type) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def all_fields(model: type, value: str) -> str:
    """A query that gives this value to each field."""
    return "&".join(f"{field.name}={value}" for field in model._meta.concrete_fields)


def look_ups(model: type, shown: admin.ModelAdmin) -> Iterator[str]:
    """Of every filter and every field, with what does not fit them."""
    for each in shown.list_filter:
        name = each[0] if isinstance(each, tuple) else getattr(each, "parameter_name", each)
        yield from (
            f"{name}={NUL}",
            f"{name}__exact={NUL}",
            f"{name}__exact=nonsense",
            f"{name}__year=-1",
        )
    for number, field in enumerate(model._meta.concrete_fields):
        look_up, odd = ("in", "range")[number % 2], ODD[1 + number % (len(ODD) - 1)]
        yield from (f"{field.name}={NUL}", f"{field.name}__{look_up}={odd}")


def broken(client: Client, addresses: list[str]) -> list[tuple[str, int]]:
    statuses = [(address, client.get(address).status_code) for address in addresses]
    return [
        (address, status) for address, status in statuses if status not in (200, 302, 400, 403, 404)
    ]


@pytest.mark.parametrize(("model", "shown"), ADMINS, ids=lambda each: getattr(each, "__name__", ""))
def test_no_filter_search_order_or_page_breaks_a_list(root, model, shown):
    queries = [*look_ups(model, shown), *(f"{name}={NUL}" for name in OF_LISTS)]
    queries += [
        f"q={HALF}",
        f"o={HUGE}",
        f"p={HUGE}",
        "p=-1",
        f"q={'a' * 10_000}",
        "nonsense__x__y=1",
        "e=2",
    ]

    assert broken(root, [f"{list_of(model)}?{query}" for query in queries]) == []


@pytest.mark.parametrize(("model", "shown"), ADMINS, ids=lambda each: getattr(each, "__name__", ""))
def test_no_id_and_no_action_breaks_a_page_of_a_row(root, model, shown):
    pages = [
        f"{list_of(model)}{odd}/{page}"
        for odd in ODD[:4]
        for page in ("change/", "delete/", "history/", "")
    ]
    pages += [f"{list_of(model)}add/?{all_fields(model, odd)}" for odd in ODD[:2]]
    assert broken(root, pages) == []

    actions = [
        "delete_selected",
        *(each if isinstance(each, str) else each.__name__ for each in shown.actions),
        "nonsense",
    ]
    forms = [
        f"action={action}&_selected_action={odd}&index=0"
        for action in actions
        for odd in (NUL, "nonsense")
    ]
    answers = [
        (form, root.generic("POST", list_of(model), form, FORM).status_code) for form in forms
    ]
    assert [(form, status) for form, status in answers if status >= 500] == []


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/admin/messaging/message/?status__exact=%00", "/admin/messaging/message/?e=1"),
        ("/admin/channels/channel/?status__exact=%00", "/admin/channels/channel/?e=1"),
        (
            "/admin/procrastinate/procrastinatejob/?status__exact=nonsense",
            "/admin/procrastinate/procrastinatejob/?e=1",
        ),
        ("/admin/axes/accessattempt/?ip_address=nonsense&o=1", "/admin/axes/accessattempt/?e=1"),
        ("/admin/tenants/tenant/?name__range=abc", "/admin/tenants/tenant/?e=1"),
    ],
)
def test_a_list_that_cannot_be_shown_so_is_shown_without_what_was_asked(root, address, goes_to):
    answer = root.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, goes_to)
    assert root.get(goes_to).status_code == 200


def test_every_other_page_takes_odd_queries_too(root):
    with auth_scope():
        types = list(ContentType.objects.values_list("id", flat=True))
    others = [
        page for page in every_address() if page.startswith("/admin/") and page != "/admin/logout/"
    ]
    asked = [f"{page}?{NUL}={HALF}&_changelist_filters={NUL}" for page in others]
    query = "app_label=channels&model_name=channel&field_name=tenant&term=a"
    asked += [
        f"/admin/autocomplete/?{query}&{name}={odd}"
        for name in ("term", "page", "field_name")
        for odd in ODD
    ]
    asked += [
        f"/admin/r/{content_type}/{odd}/" for content_type in (*types, HUGE) for odd in (NUL, HUGE)
    ]

    assert broken(root, asked) == []


def test_an_odd_form_changes_nothing_and_keeps_ones_place(root, acme_whatsapp, write, work, graph):
    write()
    work()
    form = f"action=send_again&_selected_action={quote('nonsense')}&index=0"
    answer = root.generic("POST", list_of(Message), form, FORM)

    assert (answer.status_code, answer.content) == (400, b"The request names what is not there.\n")
    assert root.get(list_of(Message)).status_code == 200


def test_a_fault_of_ours_stays_one(root, superuser):
    """It fails without a query as well, so nobody is sent in circles."""
    superuser.execute("ALTER TABLE messaging.channel_moves RENAME TO hidden")
    try:
        first = root.get("/admin/channels/channelmove/?q=a")
        second = root.get(first.headers["Location"])
    finally:
        superuser.execute("ALTER TABLE messaging.hidden RENAME TO channel_moves")

    assert (first.status_code, first.headers["Location"], second.status_code) == (
        302,
        "/admin/channels/channelmove/?e=1",
        500,
    )
