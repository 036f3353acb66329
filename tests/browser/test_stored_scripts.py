"""Hostile markup in everything that people, Meta and tenants may write: a real browser opens every
page of the back-office, runs nothing of it, and its console stays empty.
"""

import psycopg
import pytest
from django.contrib import admin

from messaging.models import Conversation
from tenants.admin import PlatformAdmin
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.browser.operator import Operator
from tests.support.crawl import Rows, ask, every_page, rows_of
from tests.support.operators import operator as make_operator
from tests.support.operators import signed_in
from tests.support.whatsapp.hostile import write_hostile_words

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def rows(
    both: tuple[Tenant, Tenant], db_rows: psycopg.Connection, deliver, work
) -> tuple[Rows, Rows]:
    write_hostile_words(db_rows, deliver, work, by=make_operator())
    acme, globex = both
    return rows_of(db_rows, acme), rows_of(db_rows, globex)


def pages(*rows: Rows) -> dict[str, str]:
    """An address of each view of the back-office that shows a page: of the newest row of Acme, and
    of Globex where Acme has none.
    """
    client, found = signed_in(make_operator("hedy")), {}
    for view, address in every_page(*rows):
        if address.startswith("/admin/") and "logout" not in address and view.name not in found:
            answer = ask(client, "GET", address)
            if answer.response.status_code == 200 and answer.is_html:
                found[view.name] = address
    return found


def test_every_page_of_an_operator_runs_nothing_and_the_console_stays_empty(operator, rows):
    opened, complaints = [*pages(*rows).values(), *threads()], {}
    for address in opened:
        complaints[address] = opens(operator, address)
    ours = {
        model: shown
        for model, shown in admin.site._registry.items()
        if isinstance(shown, PlatformAdmin)
    }
    for model, shown in ours.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for action in shown.actions:
            name = getattr(action, "__name__", action)
            complaints[f"{address} {name}"] = asks(operator, address, name)

    assert {address: said for address, said in complaints.items() if said} == {}
    assert len(opened) > 60


def threads() -> list[str]:
    """Every conversation's page."""
    with operator_scope():
        ids = list(Conversation.objects.values_list("id", flat=True))
    return [f"/admin/messaging/conversation/{id}/change/" for id in ids]


def opens(operator: Operator, address: str) -> list[str]:
    """What the browser complains of there. A dialog that a page opens fails whatever is asked of
    the browser next.
    """
    operator.open(address)
    assert "Messaging" in operator.driver.title
    return operator.complaints()


def asks(operator: Operator, address: str, action: str) -> list[str]:
    """The same of the page that an action of a list opens, mostly a question."""
    operator.open(address)
    if operator.ask("return document.querySelector('.action-select') === null"):
        return []
    operator.ask(
        "document.querySelector('.action-select').click();"
        "document.querySelector('select[name=action]').value = arguments[0];"
        "document.querySelector('button[name=index]').click()",
        action,
    )
    return operator.complaints()


def test_a_console_that_is_not_empty_is_noticed(operator):
    operator.open("/admin/")
    operator.ask("console.error('a violation')")

    assert len(operator.complaints()) == 1
