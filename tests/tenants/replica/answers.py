"""What a list of the API answers, and what the log says of the replica."""

from typing import Any

from tenants.replica import server


def names_in(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


def said(caplog: Any) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == server.__name__]
