"""A machine on which docs/plain-server.md is followed: folders in the places of its own, and
stand-ins for systemctl and nginx, which start the real processes and the real nginx.
"""

import os
import re
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from config.development_database import NOBODY, free_port, may_reach
from tests.documents.reader import Reader
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.copies import copy_project
from tests.support.tls import write_certificate
from tests.support.whatsapp.channel import SECRET
from whatsapp.stand_in import StandIn
from whatsapp.stand_in.business import REGISTERED

TOKEN = "token-of-acme"
KEPT = ("SECRET_KEY", "ENCRYPTION_KEYS", "WHATSAPP_VERIFY_TOKEN", "DATABASE_URL")
SERVING = """
{user} pid {run}/nginx.pid; error_log {run}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {run}/body; proxy_temp_path {run}/proxy;
    fastcgi_temp_path {run}/fastcgi; uwsgi_temp_path {run}/uwsgi; scgi_temp_path {run}/scgi;
    include {run}/conf.d/*.conf;
}}
"""


class PlainServer:
    """`reader` follows the page. `fill_in` and `edit_files` are what the page leaves to them."""

    def __init__(self, name: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="messaging-server-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.home = copy_project(self.folder)
        (self.home / ".venv").symlink_to(sys.prefix)
        self.run, self.units, self.state = (
            self.folder / part for part in ("run", "units", "state")
        )
        for part in (self.run, self.run / "conf.d", self.units, self.state):
            part.mkdir(mode=0o755)
        self.user = NOBODY if os.getuid() == 0 and may_reach(Path(sys.base_prefix)) else os.getuid()
        shutil.chown(self.state, self.user, self.user)
        self.port, self.web_ports = free_port(), (str(free_port()), str(free_port()))
        self.certificate, self.key = self.folder / "certificate.pem", self.folder / "key.pem"
        write_certificate(self.certificate, self.key)
        self.environment = database.process_environment(name)
        self.owner_url = database.owner_url(name)
        self.meta = self.start_meta()
        self.places = {
            "/opt/messaging": str(self.home),
            "/etc/systemd/system/": f"{self.units}/",
            "/etc/nginx/conf.d/": f"{self.run}/conf.d/",
            "/var/lib/messaging": str(self.state),
            "messaging-web@8000": f"messaging-web@{self.web_ports[0]}",
            "messaging-web@8001": f"messaging-web@{self.web_ports[1]}",
            "messaging.example.com": f"127.0.0.1:{self.port}",
        }
        self.reader = self.make_reader()

    def start_meta(self) -> StandIn:
        meta = StandIn(
            app_secret=SECRET,
            account_of=lambda number: number.replace("4", "3", 1),
            callback=f"https://127.0.0.1:{self.port}/api/webhooks/whatsapp",
        )
        meta.business.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER, **REGISTERED}).callback = ""
        meta.start()
        return meta

    def make_reader(self) -> Reader:
        programs = self.folder / "bin"
        programs.mkdir()
        for name in ("systemctl", "nginx"):
            script = programs / name
            module = f"cd {self.home} && {sys.executable} -m tests.documents.systemctl {name}"
            script.write_text(f'#!/bin/sh\n{module} "$@"\n')
            script.chmod(0o755)
        user = "user root;" if os.getuid() == 0 else ""  # its files lie in the folder
        (self.run / "nginx.conf").write_text(SERVING.format(run=self.run, user=user))
        certificate = str(self.certificate)
        environment = {
            "PATH": os.environ["PATH"],
            "UNITS": str(self.units),
            "RUN": str(self.run),
            "AS_USER": str(self.user),
            "TOKEN": TOKEN,
            "CURL_CA_BUNDLE": certificate,
            "REQUESTS_CA_BUNDLE": certificate,
        }
        words = self.places | {"PHONE_NUMBER_ID": ACME_NUMBER, "WABA_ID": ACME_ACCOUNT}
        address = f"https://127.0.0.1:{self.port}"
        reader = Reader(self.home, environment, words, address=address, owner_url="")
        reader.environment["PATH"] = f"{programs}:{reader.environment['PATH']}"
        return reader

    def fill_in(self) -> None:
        values = {name: self.environment[name] for name in KEPT} | {
            "WHATSAPP_APP_SECRET": SECRET,
            "META_GRAPH_URL": self.meta.url,
            "PUBLIC_URL": f"https://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1",
        }
        required = (self.home / ".env.example").read_text()
        lines = re.sub(r"^[A-Z_]+=$\n", "", required, flags=re.M)
        lines += "".join(f"{name}={value}\n" for name, value in values.items())
        (self.home / ".env").write_text(lines)
        (self.home / ".env.owner").write_text(f"DATABASE_OWNER_URL={self.owner_url}\n")

    def edit_files(self) -> None:
        """This machine's names in the project's units and in its nginx.conf."""
        for unit in (self.home / "deploy" / "systemd").iterdir():
            text = unit.read_text().replace("/opt/messaging", str(self.home))
            unit.write_text(text.replace("/var/lib/messaging", str(self.state)))
        file = self.home / "docs" / "nginx.conf"
        text = file.read_text()
        changes = {
            "127.0.0.1:8000;": f"127.0.0.1:{self.web_ports[0]};",
            "127.0.0.1:8001;": f"127.0.0.1:{self.web_ports[1]};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "server_name messaging.example.com": "server_name 127.0.0.1",
            "/etc/ssl/messaging.example.com.pem": str(self.certificate),
            "/etc/ssl/messaging.example.com.key": str(self.key),
        }
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        file.write_text(text)

    def logs(self) -> str:
        return "\n".join(f"{log.name}\n{log.read_text()}" for log in self.run.glob("*.log"))

    def pids(self) -> list[int]:
        """Return those of the processes, and nginx's; `nginx -t` leaves an empty file."""
        written = [file.read_text() for file in self.run.glob("*.pid")]
        return [int(text) for text in written if text]

    def stop(self) -> None:
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.killpg(os.getpgid(pid), signal.SIGKILL)
        self.meta.stop()
        shutil.rmtree(self.folder)
