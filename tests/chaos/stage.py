"""One test's stage: a database with Acme and Globex, Meta on one side, and whichever processes the
test starts.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg

from config.development_database import PROJECT
from tests.chaos.meta import Answer, Graph, Traffic, body_of, post
from tests.chaos.proxy import Proxy
from tests.chaos.running import Running, Supervisor, Web, Worker, command_of
from tests.chaos.server import ChaosServer, connect_channel
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.logged import NOT_TOLD
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from whatsapp.stand_in import envelope

QUICK = {"SEND_LEASE_SECONDS": "3", "SEND_TIMEOUT_SECONDS": "1", "UNKNOWN_AFTER_SECONDS": "3"}
CALM_SECONDS = 40  # lease, unknown and two sweeps, on a machine that is busy with others
# replies of these statuses were POSTed so many times
GONE = {"accepted": 1, "sent": 1, "delivered": 1, "read": 1}
PENDING = """
    SELECT (SELECT count(*) FROM messaging.webhook_deliveries WHERE due_at IS NOT NULL)
         + (SELECT count(*) FROM messaging.messages WHERE status IN ('queued', 'sending'))
"""


class Stage:
    def __init__(self, server: ChaosServer, folder: Path, host: str = "127.0.0.1") -> None:
        self.server, self.folder = server, folder
        self.name = server.new_database()
        self.graph = Graph(host)
        self.graph.start()
        self.settings = server.environment(self.name) | QUICK | {"META_GRAPH_URL": self.graph.url}
        self.processes: list[Running] = []
        self.ending = ExitStack()  # in reverse: supervisors before processes before the database
        self.ending.callback(server.put_right, self.name)
        self.ending.callback(self.graph.stop)
        self.ending.callback(self.kill_all)

    def close(self) -> None:
        self.ending.close()

    def kill_all(self) -> None:
        for process in self.processes:
            process.kill()

    def web(self, *, failpoints: str = "", **changes: str) -> Web:
        web = Web(self.settings | {"FAILPOINTS": failpoints} | changes, self.folder / "web.log")
        self.processes.append(web)
        web.wait_until_it_answers()
        return web

    def worker(self, *arguments: str, failpoints: str = "", **changes: str) -> Worker:
        """One that runs: what a test does to it or beside it is not done before."""
        worker = self.start_worker(*arguments, failpoints=failpoints, **changes)
        worker.wait_until_it_runs()
        return worker

    def start_worker(self, *arguments: str, failpoints: str = "", **changes: str) -> Worker:
        """One that may still be starting, or die while it does."""
        log = self.folder / f"worker-{len(self.processes)}.log"
        worker = Worker(self.settings | {"FAILPOINTS": failpoints} | changes, log, *arguments)
        self.processes.append(worker)
        return worker

    def start_jobs(self, *, failpoints: str = "") -> Running:
        """One that may still be starting, or die while it works."""
        settings = self.settings | {"FAILPOINTS": failpoints}
        log = self.folder / f"jobs-{len(self.processes)}.log"
        jobs = Running(command_of(settings, "jobs"), settings, log)
        self.processes.append(jobs)
        return jobs

    def jobs(self, *, failpoints: str = "") -> Running:
        """The jobs process, at work."""
        jobs = self.start_jobs(failpoints=failpoints)
        assert eventually(
            lambda: self.rows("SELECT count(*) FROM jobs.procrastinate_workers") != [(0,)],
            CALM_SECONDS,
        )
        return jobs

    def manage(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """A command of the operator's, to its end."""
        command = [sys.executable, "manage.py", *arguments]
        environment = self.settings | changes
        return subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120
        )

    def supervise(self, count: int, **how: str) -> Supervisor:
        supervisor = Supervisor(lambda: self.start_worker(**how), count)
        self.ending.callback(supervisor.stop)
        return supervisor

    def proxy(self, target: int) -> Proxy:
        proxy = Proxy(target)
        self.ending.callback(proxy.close)
        return proxy

    def before_graph(self) -> Proxy:
        proxy = self.proxy(self.graph.server.server_address[1])
        self.settings["META_GRAPH_URL"] = f"http://127.0.0.1:{proxy.port}"
        return proxy

    def before_postgres(self) -> tuple[Proxy, str]:
        """A proxy, and the DATABASE_URL that leads through it."""
        proxy = self.proxy(self.server.port)
        return proxy, self.server.runtime_url(self.name, proxy.port)

    def connect(self, slug: str, number: str, account: str, token: str) -> None:
        connect_channel(self.settings, slug, number, account, token)

    def traffic(self, web: Web, messages: Iterable[dict], *, per_second: float) -> Traffic:
        traffic = Traffic(lambda: web.url, map(body_of, messages), per_second=per_second)
        self.ending.callback(traffic.stop)
        return traffic

    def write(self, web: Web, text: str = "Hello", **more: Any) -> Answer:
        """A message to Acme, posted once; it must be taken."""
        answer = post(web.url, body_of(bodies.text(text, **more)))
        assert answer.status == 200
        return answer

    def report(self, web: Web, entry: dict, status: str, wamid: str | None = None) -> None:
        """Graph tells what became of an entry of its ledger."""
        reference = entry["message"]["biz_opaque_callback_data"]
        item = bodies.status(wamid or entry["wamid"], status, biz_opaque_callback_data=reference)
        body = envelope(ACME_ACCOUNT, bodies.value(ACME_NUMBER, statuses=(item,)))
        assert post(web.url, body).status == 200

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """Past row level security, on a connection of its own: the server may have been stopped
        meanwhile.
        """
        with self.server.connect(self.name) as connection:
            return connection.execute(query, values or None).fetchall()  # type: ignore[call-overload]

    def session(self) -> psycopg.Connection:
        """A superuser's session that the test keeps open."""
        connection = self.server.connect(self.name)
        self.ending.callback(connection.close)
        return connection

    def inbound(self) -> list[str]:
        return [wamid for (wamid,) in self.rows(OF_DIRECTION.format("external_id"), "inbound")]

    def replies(self) -> list[str]:
        """The statuses of the replies, in the order of the messages that they answer."""
        return [status for (status,) in self.rows(OF_DIRECTION.format("status"), "outbound")]

    def is_calm(self) -> bool:
        return self.rows(PENDING) == [(0,)]

    def wait_until_calm(self, seconds: float = CALM_SECONDS) -> None:
        assert eventually(self.is_calm, seconds), self.rows(
            "SELECT direction, status, count(*), max(attempts) FROM messaging.messages GROUP BY"
            " 1, 2"
        )

    def posts(self) -> Counter[str]:
        """How many times Graph was asked to send each message, by its id."""
        return Counter(
            entry["message"]["biz_opaque_callback_data"].split(":")[1]
            for entry in list(self.graph.ledger)
        )

    def assert_the_books_balance(self) -> None:
        """At most one POST a message; exactly one, and Graph's own id, for each that counts as
        gone.
        """
        posts = self.posts()
        wamids = {
            each["message"]["biz_opaque_callback_data"].split(":")[1]: each["wamid"]
            for each in self.graph.ledger
        }
        rows = self.rows(
            "SELECT id::text, status, external_id FROM messaging.messages WHERE direction ="
            " 'outbound'"
        )
        assert {message: count for message, count in posts.items() if count > 1} == {}
        known = [row for row in rows if row[1] != "unknown"]
        assert {message: posts[message] for message, *_ in known} == {
            message: GONE.get(status, 0) for message, status, _ in known
        }
        gone = [row for row in rows if row[1] in GONE]
        assert {message: wamid for message, _, wamid in gone} == {
            message: wamids[message] for message, *_ in gone
        }
        assert set(posts) - {message for message, *_ in rows} == set()
        assert self.rows(NOT_TOLD) == []


OF_DIRECTION = (
    "SELECT {} FROM messaging.messages m WHERE direction = %s ORDER BY created_at, seq, id"
)
