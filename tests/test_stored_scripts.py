"""Hostile markup in everything that people, Meta and tenants may write is inert on every page that
an operator and a tenant's owner can open.
"""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.contrib import admin
from django.test import Client

from messaging.models import Conversation, Message
from tenants.models import Tenant, User
from tenants.scope import operator_scope
from tests.support.crawl import Answer, Rows, ask, every_page, rows_of
from tests.support.markup import SHOWN, Page
from tests.support.operators import operator, signed_in
from tests.support.whatsapp.hostile import write_hostile_words

pytestmark = pytest.mark.whatsapp

# what others' pages have that the policy will not allow, and which hold no words of people
OTHERS, STYLED = {"procrastinatejob"}, re.compile("<(pre|ul|li) style=")
SEARCHES = ("", "?_popup=1", "?q=svg", "?o=1.2.3", "?q=%3Csvg%2Fonload%3Dalert(1)%3E")
LISTS = "_changelist"


@pytest.fixture
def rows(
    both: tuple[Tenant, Tenant], db_rows: psycopg.Connection, deliver: Any, work: Any
) -> tuple[Rows, Rows]:
    """Acme's and Globex's, which hold hostile words wherever words are held; Acme has messages of
    every kind.
    """
    write_hostile_words(db_rows, deliver, work, by=operator())
    acme, globex = both
    return rows_of(db_rows, acme), rows_of(db_rows, globex)


def faults(answer: Answer) -> list[str]:
    """What came alive. What is no page is something that no browser shows as one."""
    if answer.is_html:
        return Page(answer.body).faults
    headers = answer.response.headers
    is_guarded = headers.get("X-Content-Type-Options") == "nosniff"
    return [] if is_guarded or SHOWN not in answer.body else [f"{headers} without nosniff"]


def shown_to(client: Client, *rows: Rows) -> Iterator[tuple[str, Answer]]:
    """Every page, and of lists each way to look at them and what each action asks before; with the
    model's name, or the view's.
    """
    for view, address in every_page(*rows):
        if "logout" in address:
            continue
        name = model_of(address) or view.name
        for search in SEARCHES if view.name.endswith(LISTS) else SEARCHES[:1]:
            yield name, ask(client, "GET", address + search)
    for address in every_thread():
        yield "conversation", ask(client, "GET", address)
    for model, shown in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        chosen = [each.ids.get(model._meta.model_name) for each in rows]
        for action in shown.actions:
            name = getattr(action, "__name__", action)
            form = {"action": name, "_selected_action": [id for id in chosen if id]}
            yield model._meta.model_name, ask(client, "POST", address, form)


def model_of(address: str) -> str:
    """The name of the model whose page of the back-office it is; empty: of none."""
    parts = address.split("/")
    return parts[3] if parts[1] == "admin" and len(parts) > 4 else ""


def every_thread() -> list[str]:
    """The pages of every conversation, and of every message in one."""
    with operator_scope():
        return [
            f"/admin/messaging/{model._meta.model_name}/{id}/change/"
            for model in (Conversation, Message)
            for id in model.objects.values_list("id", flat=True)
        ]


def test_nothing_that_was_written_comes_alive_on_any_page_of_an_operator(rows):
    alive, broken, showing = {}, {}, set()
    for name, answer in shown_to(signed_in(operator()), *rows):
        found = [each for each in faults(answer) if name not in OTHERS or not STYLED.match(each)]
        if found:
            alive[answer.asked] = found
        if answer.response.status_code >= 500:
            broken[answer.asked] = answer.response.status_code
        if "svg/onload" in answer.body:
            showing.add(name)

    assert (alive, broken) == ({}, {})
    kinds = {model._meta.model_name for model in admin.site._registry}
    assert kinds - showing == OTHERS


def test_nothing_that_was_written_comes_alive_on_any_page_of_a_tenants_owner(rows):
    with operator_scope():
        owner = User.objects.filter(memberships__role="owner").earliest("id")
    alive = {
        answer.asked: found
        for _, answer in shown_to(signed_in(owner), *rows)
        if (found := faults(answer))
    }

    assert alive == {}


@pytest.mark.parametrize(
    "page",
    [
        "<p onclick=alert(1)>",
        "<a href=' java\tscript:alert(1)'>",
        "<script>alert(1)</script>",
        "<p style='color: red'>",
        "<svg/onload=x>",
        "<iframe srcdoc=x>",
        "HOSTILE",
    ],
)
def test_what_comes_alive_is_found(page):
    assert Page(f"<html>{page}</html>").faults != []
