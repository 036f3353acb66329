"""`make run`: run every process on this machine, and send one message through them.

DATABASE_URL and DATABASE_OWNER_URL default to an embedded PostgreSQL, META_GRAPH_URL to a local
stand-in for Meta. Missing secrets are generated once and kept in .devdb/environment.
"""

import os
import re
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from honcho import manager
from honcho.printer import Printer

from config import running
from config.demonstration import CommandFailed, demonstrate, manage, say
from config.development_database import PROJECT, Server, create_owner, free_port, project_data
from config.development_environment import KEPT, kept, recorded, stand_in_for_meta
from config.environment import faults, port_number
from config.running import GIVEN

BIN = Path(sys.executable).parent
WITHOUT_COLORS = re.compile(r"\x1b\[[\d;]*m")
RECEIVER = "127.0.0.1:9000"  # where docs/api.md receives webhooks
TOLD_TO_STOP = (130, 143)  # honcho's return codes after SIGINT and SIGTERM


def main() -> None:
    port = int(port_number())
    if faults:
        sys.exit("\n".join(faults))
    record = running.Record()
    if reason := running.obstacle(record, port):
        sys.exit(reason)
    server = None if GIVEN.get("DATABASE_URL") else Server(project_data())
    stand_in_port = None if GIVEN.get("META_GRAPH_URL") else free_port()
    try:
        environment = environment_for(port, server, stand_in_port)
        say("Preparing the database ...")
        manage(environment, "prepare_database")
        made = manage(environment, "create_demo")
        record.write(recorded(environment))  # commands may come from now on
        run(environment, stand_in_port, made)
    except CommandFailed as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        pass
    finally:
        record.write({})
        if server:
            server.stop()


def environment_for(port: int, server: Server | None, stand_in_port: int | None) -> dict[str, str]:
    """Start the embedded server, if any, and return the environment of all processes. Variables of
    the real environment override those kept on disk.
    """
    if server and not KEPT.exists():
        # Without the kept keys, what an older database holds encrypted cannot be read.
        server.discard()
    own = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "WEBHOOK_ALLOWED_HOSTS": RECEIVER}
    environment = {**kept(), **own, **GIVEN, "PORT": str(port)}
    environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', '')}"
    environment["GUNICORN_CMD_ARGS"] = f"--bind 127.0.0.1:{port} --log-level warning"
    if stand_in_port:
        secret, *_ = environment["WHATSAPP_APP_SECRET"].split(",")
        environment.update(stand_in_for_meta(stand_in_port, secret.strip()))
    if server:
        owner_url = create_owner(server.start(), "msg_owner", "messaging")
        password = environment["DATABASE_PASSWORD"]
        environment["DATABASE_OWNER_URL"] = owner_url
        environment["DATABASE_URL"] = owner_url.replace("msg_owner@", f"msg_app:{password}@")
    return environment


class TerminalAndFile:
    """Writes what the processes print to the terminal, and to a file of the user's own (mails are
    printed, too) that is begun anew.
    """

    def __init__(self, terminal: TextIO, file: Path) -> None:
        self.terminal = terminal
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self.file = os.fdopen(descriptor, "w", buffering=1, encoding="utf-8")

    def write(self, text: str) -> None:
        self.terminal.write(text)
        self.file.write(WITHOUT_COLORS.sub("", text))

    def flush(self) -> None:
        self.terminal.flush()

    def isatty(self) -> bool:
        return self.terminal.isatty()


def run(environment: dict[str, str], stand_in_port: int | None, made: dict) -> None:
    """Run web, worker, jobs and stand-in until Ctrl-C, and the demonstration in a thread."""
    manager.KILL_WAIT = 9  # seconds, for web to finish its responses
    processes = manager.Manager(Printer(TerminalAndFile(sys.stderr, running.FOLDER / "log")))
    lines = dict(
        line.split(":", 1)
        for line in (PROJECT / "Procfile").read_text().splitlines()
        if ":" in line
    )
    commands = {name: command.strip() for name, command in lines.items() if name != "release"}
    if stand_in_port:
        commands["graph"] = f"python manage.py graph_stand_in --port {stand_in_port}"
    for name, command in commands.items():
        processes.add_process(
            name, f"exec {command}", quiet=False, env=environment, cwd=str(PROJECT)
        )
    threading.Thread(target=demonstrate, args=(environment, made), daemon=True).start()
    with suppress(KeyboardInterrupt):
        processes.loop()
    sys.exit(0 if processes.returncode in TOLD_TO_STOP else processes.returncode)


if __name__ == "__main__":
    main()
