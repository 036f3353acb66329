"""How the home page says a reason and an address."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from messaging.monitoring.needs import Alike, Kind, Waiting
from tenants.admin.home import Reason, Row, counted

REASONS, NEWEST = 3, 3  # of a need; of a reason


def list_of(page: str, **query: str) -> str:
    address = reverse(f"admin:{page}_changelist")
    return f"{address}?{urlencode(query)}" if query else address


def reasons_of_problems(kind: Kind) -> list[Reason]:
    """Return what most of the newest problems of a kind say, each with the newest by name."""
    most = sorted(kind.alike.items(), key=lambda item: -item[1].number)[:REASONS]
    return [
        Reason(words=words, count=counted(alike.number), rows=list(rows_of(alike)))
        for words, alike in most
    ]


def rows_of(alike: Alike) -> Iterator[Row]:
    for problem in alike.newest[:NEWEST]:
        if problem.channel_id:
            address = reverse("admin:channels_channel_change", args=[problem.channel_id])
            yield Row(name=problem.whose, address=address)


def reasons_of_rows(waiting: Waiting, words: Mapping[Any, Any] | None = None) -> list[Reason]:
    """Return what most of the rows say; `words`: how a detail is said, where it is a word of
    ours.
    """
    most = sorted(waiting.details.items(), key=lambda item: -item[1])[:REASONS]
    return [
        Reason(words=str((words or {}).get(detail, detail)), count=counted(number))
        for detail, number in most
        if detail
    ]
