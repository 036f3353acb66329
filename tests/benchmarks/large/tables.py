"""The tables of the lists: a line for each list, with what its pages cost; and of the pipeline's
statements.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.benchmarks.large.plans import Page
from tests.benchmarks.report import markdown, number

BOUND = 50  # milliseconds in the database
HEAD = [
    "list",
    "first page",
    "deep",
    "small",
    "empty",
    "statements",
    "slowest node",
    "beyond a page",
]
FEW_PAGES = 10  # of a statement that is left out
FLOW_HEAD = ["step", "statement", "pages", "found by", "reads whole"]
ADMIN_HEAD = ["list or page", "ms", "deep", "statements", "slowest node", "beyond a page"]


def over(pages: Iterable[Page]) -> list[Page]:
    """Return the pages that cost more than BOUND."""
    return [page for page in pages if page.cost.ms is None or page.cost.ms > BOUND]


def of_api(pages: Iterable[Page]) -> str:
    rows = []
    for name, found in by_name(page for page in pages if page.asker != "staff").items():
        whole = [page for page in found if page.asker in ("large", "platform")]
        rows.append(
            [
                f"`{name}`",
                *(ms(page for page in whole if page.place == place) for place in ("first", "deep")),
                *(ms(page for page in found if page.asker == who) for who in ("small", "empty")),
                *words(whole),
            ]
        )
    return markdown(HEAD, rows)


def of_back_office(pages: Iterable[Page]) -> str:
    rows = []
    for name, found in by_name(page for page in pages if page.asker == "staff").items():
        deep = [page for page in found if page.place == "deep"]
        first = [page for page in found if page.place != "deep"]
        name = name if first[0].place == "page" else f"`{name}`"
        rows.append([name, ms(first), ms(deep), *words(found)])
    return markdown(ADMIN_HEAD, rows)


def by_name(pages: Iterable[Page]) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = {}
    for page in pages:
        found.setdefault(page.name, []).append(page)
    return found


def ms(pages: Iterable[Page]) -> str:
    """Return the milliseconds of the page that took longest."""
    costs = [page.cost.ms for page in pages]
    if None in costs:
        return "stopped"
    return number(max(costs), 1) if costs else ""


def words(pages: list[Page]) -> list[str]:
    """Return what is said of the page that took longest, and what all of them read."""
    worst = max(pages, key=lambda page: page.cost.ms or float("inf")).cost
    reads = sorted({each for page in pages for each in page.cost.reads})
    return [str(worst.statements), worst.slowest, "; ".join(reads)]


def of_flow(statements: Iterable[Mapping[str, Any]]) -> str:
    """Return a line for each statement (flow.py says of what)."""
    rows = [
        [
            each["step"],
            each["statement"],
            f"{each['pages']:,}",
            " ".join(each["indexes"]),
            ", ".join(each["whole"]),
        ]
        for each in statements
        if each["pages"] > FEW_PAGES or each["whole"]
    ]
    return markdown(FLOW_HEAD, rows)
