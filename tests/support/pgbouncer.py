"""PgBouncer from Debian's packages, before a server that trusts everybody."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from config.development_database import free_port, programs
from tests.support.processes import eventually

SETTINGS = """
[databases]
* = host=127.0.0.1 port={server_port}{signs_in}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
admin_users = {admin}
"""
ADMIN = "pgbouncer_admin"


class PgBouncer:
    """Its other settings are PgBouncer's own: it refuses the start-up parameter `options`, and
    nothing is reset between transactions. `more`: lines of its settings.
    """

    def __init__(
        self,
        server_url: str,
        mode: str,
        size: int,
        *roles: str,
        signs_in_as: str = "",
        host: str = "127.0.0.1",
        more: str = "",
    ) -> None:
        self.mode, self.host, self.port = mode, host, free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="messaging-pgbouncer-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        users, self.settings = self.folder / "users.txt", self.folder / "pgbouncer.ini"
        users.write_text("".join(f'"{role}" ""\n' for role in (*roles, ADMIN)))
        self.settings.write_text(
            SETTINGS.format(
                host=host,
                server_port=urlsplit(server_url).port,
                port=self.port,
                users=users,
                mode=mode,
                size=size,
                signs_in=signs_in_as and f" user={signs_in_as}",
                admin=ADMIN,
            )
            + more
        )
        self.log = self.folder / "log"
        self.start()

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/pgbouncer", self.settings], stdout=log, stderr=log, **programs()[1]
            )
        if not eventually(lambda: "process up" in self.log.read_text(), 10):
            raise RuntimeError(self.log.read_text())

    def url(self, role: str, password: str = "test") -> str:
        """As Supabase shows it: its URL of the pooler for transactions has the parameter."""
        parameter = "?pgbouncer=true" if self.mode == "transaction" else ""
        return f"postgresql://{role}:{password}@{self.host}:{self.port}/postgres{parameter}"

    def console(self) -> str:
        """The URL of its own commands: RELOAD, PAUSE, ..."""
        return f"postgresql://{ADMIN}@{self.host}:{self.port}/pgbouncer"

    def restart(self) -> None:
        """At once: every connection through it is closed."""
        self.process.terminate()
        self.process.wait(10)
        self.start()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
