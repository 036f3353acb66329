"""A crawl over every view of the URL resolver, with rows of one's own tenant and of another in the
places of its address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import psycopg
from django.apps import apps
from django.http import HttpResponseBase
from django.test import Client

from tenants.models import Tenant
from tests.support.addresses import View, every_view
from tests.support.words_everywhere import condition

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OF_ROWS = ("UUIDConverter", "PathConverter")  # what an id stands in
# what an id may be of, where neither its name nor its place says so
MAIN_KINDS = ("message", "conversation", "contact", "channel")


@dataclass(frozen=True, slots=True)
class Rows:
    """The newest row of each kind of a tenant, or of the platform where it has none: the id by the
    model's name.
    """

    slug: str
    ids: dict[str, str]

    def words(self, view: View, part: str) -> list[str]:
        """What may stand in this part of the view's address; empty: a sample does."""
        if part == "slug":
            return [self.slug]
        names = self.named(view, part)
        return [self.ids[name] for name in names]

    def named(self, view: View, part: str) -> list[str]:
        """The models that the part is an id of."""
        before = view.template.split(f"%({part})s")[0].strip("/").split("/")
        if before[0] == "admin":  # admin, app, model
            return [name for name in before[2:3] if name in self.ids]
        if view.parts[part] not in OF_ROWS:
            return []
        for word in (part.removesuffix("_id"), before[-1].replace("-", "").removesuffix("s")):
            if word in self.ids:
                return [word]
            if alike := [name for name in self.ids if is_alike(name, word)]:
                return alike
        return [name for name in MAIN_KINDS if name in self.ids]


def is_alike(name: str, word: str) -> bool:
    return len(word) > 2 and (name.startswith(word) or name.endswith(word))


def rows_of(superuser: psycopg.Connection, tenant: Tenant) -> Rows:
    ids = {}
    for model in apps.get_models():
        table, key = model._meta.db_table, model._meta.pk.column
        exists = superuser.execute("SELECT to_regclass(%s)", [f"messaging.{table}"]).fetchone()[0]
        whose = condition(model, tenant) or condition(model, None)
        if exists and (found := newest(superuser, table, key, whose)):
            ids[model._meta.model_name] = found
    return Rows(tenant.slug, ids)


def newest(superuser: psycopg.Connection, table: str, key: str, whose: object) -> str | None:
    query = psycopg.sql.SQL("SELECT {key}::text FROM {table} WHERE {whose} ORDER BY 1 DESC LIMIT 1")
    found = superuser.execute(
        query.format(
            key=psycopg.sql.Identifier(key),
            table=psycopg.sql.Identifier("messaging", table),
            whose=whose,
        )
    ).fetchone()
    return found[0] if found else None


def addresses(view: View, *rows: Rows) -> list[str]:
    """The view's address with each choice of these rows for its parts; the last one's alone are
    last.
    """
    found = []
    for whose in product(rows, repeat=len(view.parts)):
        choices = [
            [{part: word} for word in each.words(view, part)] or [{}]
            for part, each in zip(view.parts, whose, strict=True)
        ]
        for chosen in product(*choices):
            found.append(view.address(**{name: w for each in chosen for name, w in each.items()}))
    return list(dict.fromkeys(found))


def every_page(*rows: Rows) -> Iterator[tuple[View, str]]:
    """Every view with each of its addresses."""
    for view in every_view():
        for address in addresses(view, *rows):
            yield view, address


@dataclass(frozen=True, slots=True)
class Answer:
    asked: str
    response: HttpResponseBase
    body: str

    @property
    def told(self) -> str:
        """Body and headers."""
        return f"{self.response.headers}\n{self.body}"

    def ids(self) -> set[str]:
        """Those that it tells and that it was not asked with."""
        return set(UUID.findall(self.told)) - set(UUID.findall(self.asked))

    @property
    def is_html(self) -> bool:
        return self.response.headers.get("Content-Type", "").startswith("text/html")


def ask(client: Client, method: str, address: str, form: dict | None = None) -> Answer:
    """What it answers; everything is sent as a form, whatever the method."""
    if method == "POST":
        response = client.post(address, form or {})
    else:
        response = client.generic(method, address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    asked = f"{method} {address} {form or ''}"
    return Answer(asked, response, body.decode("utf-8", "replace"))
