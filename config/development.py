"""`make run`: everything on this machine, and one message through all of it, to see.

Takes DATABASE_URL and DATABASE_OWNER_URL, or an embedded PostgreSQL; META_GRAPH_URL, or a local stand-in for Meta. What is
missing of the environment is made once and kept in .devdb/environment.
"""

import base64
import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from config.development_database import PROJECT, Server, create_owner, free_port, project_data
from config.environment import faults, optional, port_number

KEPT = PROJECT / ".devdb" / "environment"
BIN = Path(sys.executable).parent
TENANT = "demo"
PHONE_NUMBER_ID, WABA_ID = "106540352242922", "102290129340398"
REPLY = "Thank you for your message. We will answer it soon."
LOGIN = ("createsuperuser", "--noinput", "--username", "admin", "--email", "admin@example.com")
CUSTOMER, QUESTION = "16505551234", "Does it come in another color?"


def main() -> None:
    port = int(port_number())
    if faults:
        sys.exit("\n".join(faults))
    if is_taken(port):
        sys.exit(f"Port {port} is taken. Choose another one: PORT=8001 make run")
    has_stand_in = not optional("META_GRAPH_URL")
    stand_in_port = free_port()
    server = None if optional("DATABASE_URL") else Server(project_data())
    given = {name: value for name, value in os.environ.items() if value}
    try:
        environment = {**kept_environment(), **given, "PORT": str(port)}
        environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', '')}"
        environment["GUNICORN_CMD_ARGS"] = f"--bind 127.0.0.1:{port} --log-level warning"
        if has_stand_in:
            environment.update(stand_in_for_meta(stand_in_port, environment["STAND_IN_APP_SECRET"]))
        if server:
            environment.update(embedded(server, environment["DATABASE_PASSWORD"]))
        prepare(environment)
        run(environment, stand_in_port if has_stand_in else None)
    finally:
        if server:
            server.stop()


def kept_environment() -> dict[str, str]:
    """Secrets of this development copy: made once, readable by their owner only."""
    KEPT.parent.mkdir(exist_ok=True)
    kept = dict(line.split("=", 1) for line in KEPT.read_text().splitlines()) if KEPT.exists() else {}
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(24),
        "WHATSAPP_APP_SECRET": secrets.token_hex(16),
        "STAND_IN_APP_SECRET": secrets.token_hex(16),
        "DATABASE_PASSWORD": secrets.token_hex(16),
        "DJANGO_SUPERUSER_PASSWORD": secrets.token_urlsafe(9),
        "DEMO_TOKEN": "stand-in-" + secrets.token_hex(8),
    }
    if missing := made.keys() - kept.keys():
        with open(os.open(KEPT, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.writelines(f"{name}={made[name]}\n" for name in made if name in missing)
    return made | kept


def stand_in_for_meta(port: int, app_secret: str) -> dict[str, str]:
    """Meta's addresses and app, all played by the stand-in."""
    address = f"http://127.0.0.1:{port}"
    app = {"META_APP_ID": "100000000000001", "META_CONFIG_ID": "100000000000002", "META_APP_SECRET": app_secret}
    return app | {"META_GRAPH_URL": address, "META_DIALOG_URL": address, "META_SDK_URL": f"{address}/en_US/sdk.js"}


def embedded(server: Server, password: str) -> dict[str, str]:
    owner_url = create_owner(server.start(), "msg_owner", "messaging")
    return {"DATABASE_OWNER_URL": owner_url, "DATABASE_URL": owner_url.replace("msg_owner@", f"msg_app:{password}@")}


def prepare(environment: dict[str, str]) -> None:
    """The database, a tenant with a channel and a reply, and a staff login; all of it may be there already."""
    say("Preparing the database ...")
    manage(environment, "prepare_database")
    manage(environment, "create_tenant", TENANT, "--name", "Demo Ltd.")
    number = ("--external-id", PHONE_NUMBER_ID, "--account-id", WABA_ID, "--token-env", "DEMO_TOKEN", "--name", "Demo number")
    steps = [
        partial(manage, environment, "connect_channel", "whatsapp", "--tenant", TENANT, *number, "--no-check"),
        partial(manage, environment, "set_auto_reply", "--tenant", TENANT, REPLY),
        partial(manage, environment, *LOGIN, may_fail=True),
    ]
    with ThreadPoolExecutor() as pool:  # each is mostly the start of a Python
        for done in [pool.submit(step) for step in steps]:
            done.result()
    manage(environment, "add_member", "--tenant", TENANT, "--user", "admin", "--role", "owner")


def run(environment: dict[str, str], stand_in_port: int | None) -> None:
    """Web, worker and stand-in until Ctrl-C, and the demonstration beside them."""
    manager = Manager(Printer(sys.stderr))
    lines = dict(line.split(":", 1) for line in (PROJECT / "Procfile").read_text().splitlines() if ":" in line)
    commands = {name: command.strip() for name, command in lines.items() if name != "release"}
    if stand_in_port:
        commands["graph"] = f"python manage.py graph_stand_in --port {stand_in_port}"
    for name, command in commands.items():
        manager.add_process(name, f"exec {command}", quiet=False, env=environment, cwd=str(PROJECT))
    threading.Thread(target=demonstrate_or_end, args=(environment,), daemon=True).start()
    manager.loop()
    sys.exit(manager.returncode if manager.returncode and manager.returncode > 0 else 0)


def demonstrate_or_end(environment: dict[str, str]) -> None:
    try:
        demonstrate(environment)
    except SystemExit:
        os.kill(os.getpid(), signal.SIGTERM)  # honcho ends the processes, and the database ends with us


def demonstrate(environment: dict[str, str]) -> None:
    address = f"http://127.0.0.1:{environment['PORT']}"
    if not eventually(lambda: answers(f"{address}/health/ready"), seconds=60):
        say("The application did not become ready; its lines above say why.")
        return
    sent = json.loads(manage(environment, "simulate_message", "--tenant", TENANT, "--from", CUSTOMER, QUESTION))
    trace = ("trace", sent["external_id"])
    eventually(lambda: " delivered\n" in manage(environment, *trace), seconds=20)
    say("", manage(environment, *trace).rstrip())
    say("", f"Back-office  {address}/admin/   login admin, password {environment['DJANGO_SUPERUSER_PASSWORD']}")
    say(f"Connect      {address}/connect/whatsapp/   with the same login at {address}/staff/")
    say(f"Health       {address}/health   {address}/health/ready")
    say(f"Webhook      {address}/api/webhooks/whatsapp", "Ctrl-C ends everything.")


def manage(environment: dict[str, str], *arguments: str, may_fail: bool = False) -> str:
    """One manage.py command's stdout; its failure ends the run with the command's own words."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    if done.returncode and not may_fail:
        say(done.stderr.strip() or f"{shlex.join(arguments)} failed.")
        sys.exit(1)
    return done.stdout


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def eventually(condition: object, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.2)
    return False


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    main()
