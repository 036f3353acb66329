"""The back-office as an operator sees it: its lists, a page of each kind of row, and its home."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tenants.admin.lists.changelist import OLDER
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.benchmarks.large import asked
from tests.benchmarks.large.plans import Page, cost_of, unhurried

STAFF = "staff"


def pages() -> Iterator[Page]:
    """Ask for the first page of each list, for one in the middle of those that are longer, and for
    each page of a row.
    """
    client = Client()
    with auth_scope():
        known = User.objects.filter(username="bench").first()
        client.force_login(known or User.objects.create_superuser("bench"))
    with operator_scope():
        lists, of_rows = list(asked.lists()), list(asked.pages())
    for address, query in lists:
        name = f"{address.removeprefix('/admin/').rstrip('/')}?{urlencode(query)}".rstrip("?")
        cost, response = cost_of(partial(client.get, address, query))
        yield Page(name, "first", STAFF, cost)
        if response and (middle := middle_of(response)):
            cost, _ = cost_of(partial(client.get, f"{address}{middle}"))
            yield Page(name, "deep", STAFF, cost)
    for name, address in of_rows:
        yield Page(name, "page", STAFF, cost_of(partial(client.get, address))[0])


def middle_of(response: Any) -> str:
    """Return where a list's page behind half of its rows stands; empty: it has one page."""
    shown = response.context_data["cl"]
    if not getattr(shown, "is_read_by_cursors", False) or not shown.older_link:
        return ""
    with operator_scope():
        unhurried()
        places = shown.queryset.values_list(*(column.path for column in shown.columns))
        middle = places[places.count() // 2 :].first()
        return str(shown.link_to(OLDER, middle))
