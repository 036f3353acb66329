"""A stage whose processes run on machines of their own: Meta's, the database's, and one for each
web, worker and jobs process.
"""

import itertools
from collections.abc import Iterable
from pathlib import Path

from tests.chaos.meta import Traffic
from tests.chaos.running import Running, Web, Worker
from tests.chaos.stage import Stage
from tests.scale_out.database import DistantServer
from tests.scale_out.network import Machine, Switch
from tests.support.database import RUNTIME
from tests.support.pgbouncer import PgBouncer

META_BY_NAME = "localhost"  # Graph is asked by http on "this machine" alone
CLIENTS = 40  # of Meta's: those who wait for a machine that is cut off stop no others


class Site(Stage):
    """`webs`: where Meta posts to, in turn. `machines`: by the process id of what runs there."""

    def __init__(
        self, switch: Switch, meta: Machine, server: DistantServer, pooler: PgBouncer, folder: Path
    ) -> None:
        self.switch, self.meta = switch, meta
        with meta.inside():
            super().__init__(server, folder, meta.address)
        self.settings |= {
            "DATABASE_URL": f"postgresql://{RUNTIME}:test@{pooler.host}:{pooler.port}/{self.name}"
            "?pgbouncer=true",
            "META_GRAPH_URL": self.graph.url.replace(meta.address, META_BY_NAME),
        }
        self.webs: list[Web] = []
        self.turns = itertools.count()
        self.machines: dict[int, Machine] = {}

    def start_web(self) -> Web:
        machine = self.switch.machine()
        allowed = {"ALLOWED_HOSTS": f"127.0.0.1,{machine.address}"}
        log = self.folder / f"web-{len(self.processes)}.log"
        with machine.inside():
            web = Web(self.settings | allowed, log, host=machine.address)
        self.webs.append(web)
        self.processes.append(web)
        self.machines[web.pid] = machine
        return web

    def start_worker(self, *arguments: str, failpoints: str = "", **changes: str) -> Worker:
        machine = self.switch.machine()
        with machine.inside():
            worker = super().start_worker(*arguments, failpoints=failpoints, **changes)
        self.machines[worker.pid] = machine
        return worker

    def start_jobs(self, *, failpoints: str = "") -> Running:
        machine = self.switch.machine()
        with machine.inside():
            jobs = super().start_jobs(failpoints=failpoints)
        self.machines[jobs.pid] = machine
        return jobs

    def machine_of(self, process: Running) -> Machine:
        return self.machines[process.pid]

    def next_url(self) -> str:
        return self.webs[next(self.turns) % len(self.webs)].url

    def posting(self, posted: Iterable[bytes], *, per_second: float) -> Traffic:
        """What Meta posts from its machine, to the webs in turn."""
        with self.meta.inside():
            traffic = Traffic(self.next_url, posted, per_second=per_second, clients=CLIENTS)
        self.ending.callback(traffic.stop)
        return traffic
