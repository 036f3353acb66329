"""What systemctl and nginx are where a page is followed on a machine without systemd: it starts
what the units say. The folders and the user come from its environment: UNITS, RUN, AS_USER.

Of a unit's bounds it keeps the user, no new privileges, no memory that is both written and run.
"""

import ctypes
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

UNITS, RUN = Path(os.environ["UNITS"]), Path(os.environ["RUN"])
NO_NEW_PRIVILEGES, WRITTEN_OR_RUN = 38, 65  # of prctl
NGINX = ["/usr/sbin/nginx", "-c", str(RUN / "nginx.conf"), "-p", str(RUN)]


class Unit:
    """One of the folder, by its name: `messaging-web@8000`, with or without `.service`."""

    def __init__(self, name: str) -> None:
        self.name = name.removesuffix(".service")
        stem, at, instance = self.name.partition("@")
        text = (UNITS / f"{stem}{at}.service").read_text().replace("%i", instance)
        self.lines: list[tuple[str, str]] = re.findall(r"^(\w+)=(.*)$", text, re.M)

    def values(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]

    def environment(self) -> dict[str, str]:
        """Files go before what the unit sets itself, as systemd has it."""
        given = [pair for line in self.values("Environment") for pair in shlex.split(line)]
        read = [line for file in self.values("EnvironmentFile") for line in lines_of(Path(file))]
        return dict(pair.split("=", 1) for pair in [*given, *read])

    def start(self) -> subprocess.Popen[bytes]:
        (command,), (folder,) = self.values("ExecStart"), self.values("WorkingDirectory")
        user = int(os.environ["AS_USER"])
        with (RUN / f"{self.name}.log").open("wb") as log:
            return subprocess.Popen(
                shlex.split(command),
                cwd=folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[],
                preexec_fn=self.bind,
            )

    def bind(self) -> None:
        prctl = ctypes.CDLL(None).prctl
        if self.values("NoNewPrivileges") == ["yes"]:
            prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if self.values("MemoryDenyWriteExecute") == ["yes"]:
            prctl(WRITTEN_OR_RUN, 1, 0, 0, 0)


def lines_of(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if re.match(r"[A-Z_]\w*=", line)]


def start(name: str) -> None:
    """To the end, if it is a oneshot; else it runs on, and its pid is in the folder."""
    unit = Unit(name)
    process = unit.start()
    if unit.values("Type") == ["oneshot"]:
        if process.wait():
            sys.exit((RUN / f"{unit.name}.log").read_text())
    else:
        (RUN / f"{unit.name}.pid").write_text(str(process.pid))


def main(program: str, words: list[str]) -> None:
    match [program, *words]:
        case ["nginx", "-t"]:
            subprocess.run([*NGINX, "-t"], check=True)
        case ["systemctl", "daemon-reload"]:
            pass
        case ["systemctl", "reload", "nginx"]:
            subprocess.run(NGINX, check=True)
        case ["systemctl", "start", *names] | ["systemctl", "enable", "--now", *names]:
            for name in names:
                start(name)
        case _:
            sys.exit(f"The stand-in does not know: {program} {' '.join(words)}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
