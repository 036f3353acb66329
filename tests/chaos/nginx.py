"""A documented nginx, Debian's, in front of processes of the tests, without TLS."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import requests

from config.development_database import PROJECT, free_port
from tests.chaos.running import Running
from tests.support.processes import eventually

NGINX = "/usr/sbin/nginx"
SAME_USER = "user root;" if os.getuid() == 0 else ""  # its files lie in the test's folder
AROUND = """
daemon off; worker_processes 1; {user} pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {server}
}}
"""


class Nginx(Running):
    """`document`: a file below docs/; `ports`: those of the processes, by those that it names."""

    def __init__(self, document: str, ports: Mapping[int, int], folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        changes = {
            **{rf"127\.0\.0\.1:{there};": f"127.0.0.1:{here};" for there, here in ports.items()},
            r"listen 443 ssl": f"listen 127.0.0.1:{self.port}",
            r"server_name \S+;": "server_name 127.0.0.1;",
            r"ssl_certificate\S* .*": "",
        }
        server = (PROJECT / "docs" / document).read_text()
        for old, new in changes.items():
            server, count = re.subn(old, new, server)
            assert count > 0, old
        settings = folder / "nginx.conf"
        settings.write_text(AROUND.format(folder=folder, server=server, user=SAME_USER))
        command = [NGINX, "-c", str(settings), "-p", str(folder)]
        super().__init__(command, {}, folder / "nginx.log")

    def wait_until_it_answers(self) -> None:
        assert eventually(self.answers), self.log.read_text()

    def answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/health", timeout=5).ok
        return False
