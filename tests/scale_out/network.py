"""Machines with addresses of their own: a network namespace each, on one switch, which is the
namespace that the tests run in.

A thread that is inside a machine starts processes there, and opens and accepts connections there.
"""

import ctypes
import itertools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEW_NETWORK, BIND = 0x40000000, 0x1000  # CLONE_NEWNET, MS_BIND
OWN_NETWORK = "/proc/thread-self/ns/net"
BRIDGE, BITS = "switch", 24
libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    """A system call of the C library; raises OSError."""
    if getattr(libc, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)  # noqa: S607


class Switch:
    """Reaches every machine, as the machines reach each other. `network`: 10.77.0, for instance."""

    def __init__(self, network: str) -> None:
        self.network, self.numbers = network, itertools.count(2)
        ip("link", "set", "lo", "up")
        ip("link", "add", "name", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{network}.1/{BITS}", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")

    def machine(self) -> "Machine":
        number = next(self.numbers)
        return Machine(f"machine{number}", f"{self.network}.{number}")


class Machine:
    """One that is on as soon as it is made. It ends with the tests."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        with the_network_kept():
            call("unshare", NEW_NETWORK)
            self.network = os.open(OWN_NETWORK, os.O_RDONLY)
        mine = f"/proc/{os.getpid()}/fd/{self.network}"
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", mine)
        ip("link", "set", name, "master", BRIDGE, "up")
        with self.inside():
            ip("addr", "add", f"{address}/{BITS}", "dev", "eth0")
            for device in ("lo", "eth0"):
                ip("link", "set", device, "up")

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread, and whatever it starts, is on this machine until the block ends."""
        with the_network_kept():
            call("setns", self.network, NEW_NETWORK)
            yield

    def cut(self) -> None:
        """Pull its cable at the switch: nothing arrives, and nobody is told."""
        ip("link", "set", self.name, "down")

    def mend(self) -> None:
        ip("link", "set", self.name, "up")


@contextmanager
def the_network_kept() -> Iterator[None]:
    """This thread is back in its present network after the block."""
    before = os.open(OWN_NETWORK, os.O_RDONLY)
    try:
        yield
    finally:
        call("setns", before, NEW_NETWORK)
        os.close(before)


def name_in_hosts(name: str, address: str) -> None:
    """Every machine finds `address` by this name. Only the processes of these tests see it: the
    file lies over /etc/hosts in their mounts alone.
    """
    with tempfile.NamedTemporaryFile("w") as hosts:
        hosts.write(f"{address} {name}\n")
        hosts.flush()
        Path(hosts.name).chmod(0o644)
        call("mount", hosts.name.encode(), b"/etc/hosts", None, BIND, None)
