"""A business's own software: it calls the API over real HTTP with a key of its tenant."""

from collections.abc import Iterable
from typing import Any

import requests

from tenants.api_keys.keys import create
from tenants.models import OF_TENANTS, Tenant
from tenants.scope import operator_scope


def new_key(tenant: Tenant | None, scopes: Iterable[str] = OF_TENANTS, **more: Any) -> str:
    """A key of the tenant; of None, with the scope of the platform: one of the platform's."""
    with operator_scope():
        _, key = create(tenant and tenant.id, "tests", scopes, **more)
    return key


class Caller:
    """Calls as one key: `get("messages", limit=2)`, `post("messages", {...})`."""

    def __init__(self, web: str, key: str) -> None:
        self.base, self.key = f"{web}/api/v1/", key
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {key}"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(method, self.base + path, allow_redirects=False, **more)

    def get(self, path: str, **parameters: Any) -> requests.Response:
        return self.call("GET", path, params=parameters)

    def post(self, path: str, body: Any = None, **headers: str) -> requests.Response:
        return self.call("POST", path, json=body, headers=with_hyphens(headers))

    def patch(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self.call("PATCH", path, json=body, headers=with_hyphens(headers))

    def put(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self.call("PUT", path, json=body, headers=with_hyphens(headers))

    def items(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """Every item of a list, through all its pages."""
        found, cursor = [], None
        while True:
            page = self.get(path, **parameters, **({"after": cursor} if cursor else {})).json()
            found += page["items"]
            if (cursor := page["next"]) is None:
                return found


def with_hyphens(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def as_told(response: requests.Response) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of an answer, without what differs between any two."""
    body = response.text.replace(response.headers["X-Request-Id"], "")
    own = ("X-Request-Id", "RateLimit", "Date")
    headers = {name: told for name, told in response.headers.items() if name not in own}
    return response.status_code, body, headers


def faults_of(response: requests.Response) -> list[tuple[str, str]]:
    """(pointer or parameter, sentence) of each fault of problem details."""
    return [
        (each.get("pointer", each.get("parameter")), each["detail"])
        for each in response.json()["errors"]
    ]
