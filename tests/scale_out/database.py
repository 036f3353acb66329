"""The machine of the database: PostgreSQL, and PgBouncer in transaction mode before it."""

from dataclasses import replace

import psycopg

from tests.chaos.server import ChaosServer
from tests.scale_out.network import Machine
from tests.support.database import RUNTIME
from tests.support.pgbouncer import PgBouncer

SESSIONS = 20  # of the runtime role, for the processes of all machines


class DistantServer(ChaosServer):
    """Everybody but the tests themselves reaches it through the pooler alone."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self.machine = machine
        addresses = f"listen_addresses=127.0.0.1,{machine.address}"
        self.process = replace(self.process, options=(*self.process.options, addresses))

    def start(self) -> None:
        with self.machine.inside():
            super().start()

    def prepare(self) -> None:
        with self.machine.inside():
            super().prepare()
        with (self.folder / "data" / "pg_hba.conf").open("a") as access:
            access.write("host all all samenet trust\n")
        with self.connect() as connection:
            connection.execute("SELECT pg_reload_conf()")

    def remove(self) -> None:
        with self.machine.inside():
            super().remove()

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        with self.machine.inside():
            return super().connect(name)

    def direct_url(self, name: str) -> str:
        return f"postgresql://{RUNTIME}:test@{self.machine.address}:{self.port}/{name}"

    def pooler(self) -> PgBouncer:
        with self.machine.inside():
            return PgBouncer(
                self.superuser_url("postgres"),
                "transaction",
                SESSIONS,
                RUNTIME,
                host=self.machine.address,
            )

    def postmaster(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
