"""What the statements of a request cost: each is run again by EXPLAIN, in the same scope."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

RUNS = 5
SLOW = 1000  # milliseconds: what takes so long is run once
MANY = 1000  # rows; a page has 50
READS = re.compile(r"(\s|--[^\n]*\n)*(SELECT|WITH)\b")
SETS_SCOPE = "SELECT set_config("
EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "

Node = dict[str, Any]


@dataclass(frozen=True)
class Cost:
    """What a request costs the database. `ms`: to plan and to execute all of its statements, None:
    it was stopped; `slowest`: the plan node that took longest itself; `reads`: what
    was read or sorted beyond a page.
    """

    ms: float | None
    statements: int
    slowest: str
    reads: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A page of a list, as somebody sees it. `place`: the first one, or one in the middle of all
    its rows.
    """

    name: str
    place: str
    asker: str
    cost: Cost


def cost_of(ask: Callable[[], HttpResponse]) -> tuple[Cost, HttpResponse | None]:
    """Make a request, and measure its statements with a warm cache. Returns what it answered, too;
    None: it was stopped.
    """
    try:
        with CaptureQueriesContext(connection) as asked:
            response = ask()
        if response.status_code == 200:
            return replayed([each["sql"] for each in asked]), response
        said = f"answers {response.status_code}"
    except OperationalError as error:
        said = str(error).strip()
    return Cost(ms=None, statements=len(asked), slowest="", reads=[said]), None


def unhurried() -> None:
    """Let what the harness itself looks up in this scope take as long as it needs."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def replayed(statements: list[str]) -> Cost:
    """Run the statements again, several times."""
    runs = []
    while len(runs) < RUNS:
        runs.append(explained(statements))
        if sum(map(ms_of, runs[-1])) > SLOW:
            break
    plans = runs[-1]
    nodes = [node for plan in plans for node in nodes_of(plan["Plan"])]
    return Cost(
        ms=median(sum(map(ms_of, run)) for run in runs),
        statements=len(plans),
        slowest=in_words(max(nodes, key=own_ms)),
        reads=sorted({said for node in nodes if (said := excess_of(node))}),
    )


def explained(statements: list[str]) -> list[Node]:
    """Return the plans of those that read, in one transaction: each scope sets all that it needs.
    What they change is rolled back.
    """
    plans = []
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in filter(READS.match, statements):
            if statement.startswith(SETS_SCOPE):
                cursor.execute(statement)
                continue
            cursor.execute(EXPLAIN + statement)
            ((plan,),) = cursor.fetchone()
            plans.append(plan)
        transaction.set_rollback(True)
    return plans


def ms_of(plan: Node) -> float:
    return plan["Planning Time"] + plan["Execution Time"]


def nodes_of(node: Node) -> Iterator[Node]:
    yield node
    for each in node.get("Plans", []):
        yield from nodes_of(each)


def own_ms(node: Node) -> float:
    """Return the milliseconds that a node took, without those below it."""
    below = sum(total_ms(each) for each in node.get("Plans", []))
    return total_ms(node) - below


def total_ms(node: Node) -> float:
    return node["Actual Total Time"] * node["Actual Loops"]


def in_words(node: Node) -> str:
    names = (node.get(f"{what} Name") for what in ("Index", "Relation", "Function"))
    return " ".join([node["Node Type"], *list(filter(None, names))[:1]])


def rows_of(node: Node) -> int:
    """Return the rows that a node looked at, those that a filter dropped among them."""
    dropped = sum(
        node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck", "Join Filter")
    )
    return int((node["Actual Rows"] + dropped) * node["Actual Loops"])


def excess_of(node: Node) -> str:
    """Return what is wrong with a node of a page's statement: a table that it reads whole, rows
    that it sorts or looks at in great number.
    """
    kind = node["Node Type"]
    rows = rows_of(node["Plans"][0]) if kind == "Sort" else rows_of(node)
    if rows <= MANY:
        return ""
    if kind == "Sort":
        return f"sorts {rows:,} rows"
    if kind == "Seq Scan":
        return f"reads {node['Relation Name']} whole"
    return f"reads {rows:,} rows by {node['Index Name']}" if "Index Name" in node else ""
