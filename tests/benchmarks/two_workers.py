"""Two of the Procfile's workers, and a Graph API that takes its time."""

import time
from uuid import UUID

import psycopg

from tests.benchmarks import load, served
from tests.benchmarks.figures import Figures, measured
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import Place
from tests.support.processes import eventually

MANY_NUMBERS = "two workers, Graph answers after 100 ms"
ONE_NUMBER = "the same, one number of 1,000 a second"
SHAPES = {MANY_NUMBERS: "spread", ONE_NUMBER: "crowd"}
GRAPH_SECONDS = 0.1
FASTEST = f"""UPDATE messaging.channels SET messages_per_second = 1000
    WHERE external_id = '{load.FIRST_NUMBER}'"""
ACCEPTED = "SELECT count(*) FROM messaging.messages WHERE status = 'accepted' AND id >= %s"
BEGIN = "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at = 'infinity'"


def whole_round(place: Place, name: str, count: int, channels: int) -> Figures:
    """Measure how two workers record `count` webhooks that come at once, and send and settle their
    replies.
    """
    since = UUID(int=int(time.time() * 1000) << 80)  # no smaller id is made from now on
    place.run_product("held back", SHAPES[name], str(count), str(channels))
    figures, graph = Figures(name=name), Graph(GRAPH_SECONDS)
    with (
        served.workers(place, 2, graph) as apps,
        psycopg.connect(place.url(place.product), autocommit=True) as rows,
    ):
        rows.execute(FASTEST)
        with measured(figures, apps=apps, postmaster=place.postmaster, count=count):
            rows.execute(BEGIN)
            if not eventually(lambda: counted(rows, since) == count, 120):
                raise SystemExit("Some replies never left.")
    graph.stop()
    return figures


def counted(rows: psycopg.Connection, since: UUID) -> int:
    (count,) = rows.execute(ACCEPTED, [since]).fetchone() or (0,)
    return count
