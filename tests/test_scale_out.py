"""What `make scale-out` says where no network of machines can be made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.development_database import PROJECT

pytestmark = pytest.mark.whatsapp  # the machines run what speaks it

REFUSALS = [
    "unshare: unshare failed: Operation not permitted",
    "unshare: unshare failed: No space left on device",
    "RTNETLINK answers: Operation not permitted",
    "Error: Unknown device type.",
    "mount: /etc/hosts: permission denied.",
]


def scale_out(programs: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.scale_out", "--no-such-option"]
    environment = {**os.environ, "PATH": str(programs)}
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def programs(tmp_path) -> Path:
    """Where `unshare` and `ip` are found: this test's own, which do nothing."""
    for name in ("unshare", "ip"):
        write(tmp_path / name, "exit 0")
    return tmp_path


def write(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_where_the_kernel_refuses_it_says_that_nothing_was_tested(programs, refusal):
    write(programs / "unshare", f"echo '{refusal}' >&2; exit 1")

    done = scale_out(programs)

    begun = f"SKIPPED, nothing was tested: the kernel refuses a network of machines ({refusal}). "
    assert (done.returncode, done.stderr[: len(begun)]) == (0, begun)


def test_whatever_else_goes_wrong_is_a_failure(programs):
    write(programs / "unshare", "echo \"unshare: unrecognized option '--keep-caps'\" >&2; exit 1")

    done = scale_out(programs)

    assert (done.returncode, done.stderr) == (
        1,
        "No network of machines could be made, for another reason:"
        " unshare: unrecognized option '--keep-caps'\n",
    )


@pytest.mark.parametrize(("program", "package"), [("unshare", "util-linux"), ("ip", "iproute2")])
def test_a_program_that_is_missing_is_a_failure(programs, program, package):
    (programs / program).unlink()

    done = scale_out(programs)

    assert (done.returncode, done.stderr) == (
        1,
        f"`{program}` is missing: install {package}.\n",
    )
