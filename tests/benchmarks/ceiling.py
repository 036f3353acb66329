"""pgbench on minimal tables of the same meaning: what this PostgreSQL can do for one message."""

import re
import subprocess

from config.development_database import programs
from tests.benchmarks import cpu
from tests.benchmarks.figures import Figures
from tests.benchmarks.place import CEILING, SQL, Place

CLIENTS = 8
ONE_CALL, SEPARATE, ROUND = "one call", "separate statements", "round in separate statements"
SCRIPTS = {ONE_CALL: "one_call.pgb", SEPARATE: "separate.pgb", ROUND: "round.pgb"}


def measure(place: Place, name: str, seconds: int) -> Figures:
    """Run one of SCRIPTS for some seconds. A transaction of it is one message."""
    binaries, user = programs()
    command = [
        str(binaries / "pgbench"),
        *("-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds)),
        *("-f", "-", place.url(CEILING, "app")),
    ]
    before = cpu.seconds_of(place.postmaster)
    said = subprocess.run(
        command,
        input=(SQL / SCRIPTS[name]).read_bytes(),
        check=True,
        stdout=subprocess.PIPE,
        **user,
    ).stdout.decode()
    spent = cpu.seconds_of(place.postmaster) - before
    count = int(found(r"actually processed: (\d+)", said))
    return Figures(
        name=name,
        per_second=float(found(r"tps = ([\d.]+)", said)),
        postgres_ms=1000 * spent / count,
    )


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"pgbench said nothing of {pattern}:\n{text}")
    return match[1]
