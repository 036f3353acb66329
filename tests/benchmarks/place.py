"""The benchmarks' PostgreSQL, durable as in production, with two databases: pgbench's ceilings, and
the product with as many tenants.
"""

import copy
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from config.development_database import PROJECT, Server, create_owner
from tests.benchmarks.figures import Figures
from tests.support.database import OWNER, RUNTIME

TENANTS = 10_000
SQL = Path(__file__).parent / "sql"
CEILING, PRODUCT = "ceiling", "product"
MEMORY = ("shared_buffers=512MB", "max_wal_size=4GB", "max_connections=100")


class Place:
    """A started server. `postmaster`: the process id of PostgreSQL's first process; `product`: the
    database that the product uses.
    """

    product = PRODUCT

    def __init__(self, folder: Path | None = None, options: tuple[str, ...] = MEMORY) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="messaging-bench-", dir="/var/tmp"))
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        self.server = Server(self.folder / "data", options=options)
        self.superuser_url = self.server.start()
        first_line = (self.folder / "data" / "postmaster.pid").read_text().splitlines()[0]
        self.postmaster = int(first_line)

    def remove(self) -> None:
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def with_product(self, database: str) -> "Place":
        """Return the same server with the product in another of its databases."""
        other = copy.copy(self)
        other.product = database
        return other

    def url(self, database: str, role: str = "postgres") -> str:
        return f"postgresql://{role}@127.0.0.1:{self.server.port()}/{database}"

    def set_up(self, tenants: int) -> None:
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {CEILING}")
        with psycopg.connect(self.url(CEILING)) as connection:
            connection.execute((SQL / "schema.sql").read_text())
        self.set_up_product(tenants)
        self.analyze()

    def set_up_product(self, tenants: int) -> None:
        self.prepare()
        self.run_product("tenants", str(tenants))

    def prepare(self) -> None:
        self.manage(
            "prepare_database",
            DATABASE_OWNER_URL=create_owner(self.superuser_url, OWNER, self.product),
        )

    def analyze(self) -> None:
        for database in (CEILING, self.product):
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")

    def environment(self, **changes: str) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.url(self.product, f"{RUNTIME}:test"),
            "BENCH_POSTMASTER": str(self.postmaster),
            "LOG_LEVEL": "ERROR",
            **changes,
        }

    def manage(self, *arguments: str, **changes: str) -> None:
        self.run("manage.py", *arguments, **changes)

    def run_product(self, work: str, *arguments: str, **changes: str) -> Figures:
        """Run one of the works of product.py in a process of its own. Returns what it measured."""
        said = self.run("-m", "tests.benchmarks.product", work, *arguments, **changes)
        return Figures.from_json(said.splitlines()[-1])

    def run(self, *arguments: str, **changes: str) -> str:
        environment = self.environment(**changes)
        done = subprocess.run(
            [sys.executable, *arguments], cwd=PROJECT, env=environment, stdout=subprocess.PIPE
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed.")
        return done.stdout.decode()
