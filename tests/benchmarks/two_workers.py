"""Two of the Procfile's workers, and a Graph API that takes its time."""

import psycopg

from tests.benchmarks import served
from tests.benchmarks.figures import Figures, measured
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import PRODUCT, Place
from tests.support.processes import eventually

NAME = "two workers, Graph answers after 100 ms"
GRAPH_SECONDS = 0.1
ACCEPTED = "SELECT count(*) FROM messaging.messages WHERE status = 'accepted'"
BEGIN = "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at = 'infinity'"


def whole_round(place: Place, count: int, channels: int) -> Figures:
    """Measure how two workers record `count` webhooks that come at once, and send and settle their
    replies.
    """
    place.run_product("held back", str(count), str(channels))
    figures, graph = Figures(name=NAME), Graph(GRAPH_SECONDS)
    with (
        served.workers(place, 2, graph) as apps,
        psycopg.connect(place.url(PRODUCT), autocommit=True) as rows,
    ):
        accepted = counted(rows, ACCEPTED)
        with measured(figures, apps=apps, postmaster=place.postmaster, count=count):
            rows.execute(BEGIN)
            if not eventually(lambda: counted(rows, ACCEPTED) - accepted == count, 120):
                raise SystemExit("Some replies never left.")
    graph.stop()
    return figures


def counted(rows: psycopg.Connection, statement: str) -> int:
    (count,) = rows.execute(statement).fetchone() or (0,)
    return count
