"""The lists of the API, as its own description tells them: each filter and each order, as several
tenants see them.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

from django.test import Client

from channels_app.models import Channel, MessageTemplate
from messaging.models import ContactIdentity, Conversation, Message, WebhookEndpoint
from messaging.webhooks_api.views import EndpointView
from tenants.api import cursors
from tenants.api.lists import ListView
from tenants.api_keys.keys import hash_of
from tenants.models import OF_TENANTS, ApiKey, KeyScope, Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.benchmarks.large.plans import Page, cost_of, unhurried
from tests.support.api import new_key
from tests.support.api_schema import Operation, operations

PAGING = ("after", "limit")
Words = dict[str, str]  # what a value is called -> the value


@dataclass
class Asker:
    """Who asks, and what its lists can be filtered by. `id`: of whatever a path names."""

    key: str
    values: dict[str, Words] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


def pages(askers: dict[str, Asker]) -> Iterator[Page]:
    """Ask for a first and a deep page of every list, as everybody who has it."""
    for operation in filter(is_list, operations()):
        for who, asker in askers.items():
            if operation.is_platforms == (who == "platform"):
                yield from pages_of(operation, who, asker)


def is_list(operation: Operation) -> bool:
    return operation.method == "GET" and "after" in {each["name"] for each in operation.parameters}


def pages_of(operation: Operation, who: str, asker: Asker) -> Iterator[Page]:
    path = f"/api/v1/{operation.path}"
    if "{" in path:
        if operation.path not in asker.ids:
            return
        path = path.replace("{id}", asker.ids[operation.path])
    for name, query in queries_of(operation, asker.values):
        ask = partial(Client().get, path, headers={"Authorization": f"Bearer {asker.key}"})
        cost, response = cost_of(partial(ask, query))
        said = f"{operation.path}{'?' * bool(name)}{name}"
        yield Page(said, "first", who, cost)
        view = response.renderer_context["view"] if response else None
        if view and (cursor := cursor_in_the_middle(view)):
            yield Page(said, "deep", who, cost_of(partial(ask, {**query, "after": cursor}))[0])


def queries_of(operation: Operation, values: dict[str, Words]) -> Iterator[tuple[str, Words]]:
    """Yield each filter with each value in each order, and none: its name and the parameters."""
    told = {each["name"]: each["schema"] for each in operation.parameters}
    orders = told.pop("order", {}).get("enum", [None])
    filters: list[tuple[str, Words]] = [("", {})]
    for name in sorted(told.keys() - set(PAGING)):
        filters += [
            (said, {name: value}) for said, value in words_of(name, told[name], values).items()
        ]
    for (said, query), order in product(filters, orders):
        ordered = {"order": order} if order else {}
        yield "&".join(filter(None, [said, f"order={order}" if order else ""])), query | ordered


def words_of(name: str, schema: dict[str, Any], values: dict[str, Words]) -> Words:
    choices = schema.get("enum", ["true"] if schema["type"] == "boolean" else [])
    return {f"{name}={each}": each for each in choices} or values.get(name, {})


def cursor_in_the_middle(view: ListView) -> str | None:
    """Return the cursor that a client has after half of a list's rows; None: it is one page."""
    given = view.parameters()
    limit, order = given.pop("limit"), view.order_of(given)
    with scope_of(view):
        unhurried()
        rows = view.rows(given).order_by(*order)
        count = rows.count()
        if count <= limit:
            return None
        row = rows[count // 2]
    return cursors.cursor_after(
        row, order, cursors.key_of(view.request.path, view.caller.tenant_id, given)
    )


def scope_of(view: ListView) -> AbstractContextManager[None]:
    return view.scope_of_rows() if isinstance(view, EndpointView) else view.scope()


def askers(tenants: int) -> dict[str, Asker]:
    """Return who asks, by what they are called: the largest tenant, a small one, an empty one and
    the platform.
    """
    named = {"large": 1, "small": tenants // 2, "empty": tenants}
    found = {name: tenants_asker(f"t{number}") for name, number in named.items()}
    with operator_scope():
        largest = str(Tenant.objects.get(slug="t1").id)
        endpoint = WebhookEndpoint.objects.filter(tenant=None).values_list("id", flat=True).first()
    ids = {
        "tenants/{id}/keys": largest,
        "platform/webhook-endpoints/{id}/deliveries": str(endpoint),
    }
    return {**found, "platform": Asker(wide_key(None, [KeyScope.PLATFORM]), ids=ids)}


def tenants_asker(slug: str) -> Asker:
    with operator_scope():
        tenant = Tenant.objects.get(slug=slug)
    asker = Asker(wide_key(tenant, OF_TENANTS))
    with tenant_scope(tenant.id):
        conversation = Conversation.objects.order_by("-last_seq").first()
        channels = Channel.objects.order_by("-id").values_list("name", "id")
        asker.values["channel"] = {
            f"channel, {n}" if n else "channel": str(id) for n, id in channels
        }
        if template := MessageTemplate.objects.first():
            asker.values["name"] = {"name": template.name}
        if endpoint := WebhookEndpoint.objects.order_by("id").first():
            asker.ids["webhook-endpoints/{id}/deliveries"] = str(endpoint.id)
        if conversation:
            identity = ContactIdentity.objects.filter(contact=conversation.contact_id).first()
            message = Message.objects.filter(conversation=conversation).first()
            asker.values |= {
                "conversation": {"conversation": str(conversation.id)},
                "contact": {"contact": str(conversation.contact_id)},
                "address": {"address": identity.value},
                "external_id": {"external_id": message.external_id},
            }
    return asker


def wide_key(tenant: Tenant | None, scopes: Iterable[str]) -> str:
    """Return a new key that may ask as often as it likes."""
    key = new_key(tenant, scopes)
    with operator_scope():
        ApiKey.objects.filter(hash=hash_of(key)).update(requests_per_second=1000, burst=10_000)
    return key
