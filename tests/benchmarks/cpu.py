"""CPU time of processes, from /proc (proc(5)): fields 14 to 17 of `stat`, in clock ticks, and
`schedstat` of each thread, in nanoseconds.

A tick is ten milliseconds, and `stat` rounds down: of twenty connections that did little each it
would see nothing. It alone knows of threads and children that have ended.
"""

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """Return the CPU seconds of a process, of its living descendants, and of those that have
    ended and were waited for.
    """
    own = times_of(pid)
    return own + sum(seconds_of(child) for child in children_of(pid))


def times_of(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        user, system, *waited_for = map(int, fields[11:15])
        return max((user + system) / TICKS, exactly(pid)) + sum(waited_for) / TICKS
    return 0.0


def exactly(pid: int) -> float:
    """Return the CPU seconds of a process's living threads; 0 where the kernel does not say."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1e9


def children_of(pid: int) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return []
