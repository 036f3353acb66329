"""`make mutants`: break the flow's modules one place at a time, in a copy, and see whether the
tests notice.

cosmic-ray makes the mutants; rooms.toml says which modules, which tests each of them has, and which
mutants are left out. A mutant is noticed when a test fails or when the tests do not end in time.
"""

import argparse
import ast
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

from config.development_database import PROJECT
from tests import settings
from tests.support import database
from tests.support.copies import copy_project

CONFIG = tomllib.loads(Path(__file__).with_name("rooms.toml").read_text())
# one test that takes longer ends its run
HUNG = ["-o", "faulthandler_timeout=30", "-o", "faulthandler_exit_on_timeout=true"]
PYTEST = [sys.executable, "-m", "pytest", "-x", "-p", "no:randomly", *HUNG]
AT_LEAST = 3  # mutants of each module
GUARDS = {"frozen", "slots", "strict"}  # against mistakes of who writes code


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=150, help="how many mutants, about")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--module",
        action="append",
        choices=CONFIG["rooms"],
        help="only of this one; may be repeated",
    )
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    server = database.start()
    try:
        with tempfile.TemporaryDirectory(prefix="messaging-mutants-") as folder:
            os.chdir(copy_project(Path(folder)))  # nothing below touches the working tree
            run(told.module or list(CONFIG["rooms"]), told.sample, told.seed)
    finally:
        os.chdir(PROJECT)
        server.stop()
        database.remove(server)


def run(modules: list[str], sample: int, seed: int) -> None:
    mutants = {module: mutants_of(module) for module in modules}
    total, started, noticed, survivors = sum(map(len, mutants.values())), time.monotonic(), {}, []
    say(f"{total} mutants; a sample of about {sample}, seed {seed}")
    for module, all_of_it in mutants.items():
        size = min(len(all_of_it), max(AT_LEAST, round(sample * len(all_of_it) / total)))
        tried = try_all(module, random.Random(f"{seed}/{module}").sample(all_of_it, size))
        if not tried:
            raise SystemExit(f"None of the mutants of {module} could be made.")
        lived = [each for each in tried if each]
        noticed[module] = (len(tried) - len(lived), len(tried))
        survivors += lived
    say(f"\n{(time.monotonic() - started) / 60:.0f} minutes, seed {seed}; noticed:")
    for module, (count, size) in [
        *noticed.items(),
        ("all", [sum(each) for each in zip(*noticed.values(), strict=True)]),
    ]:
        say(f"{module:30} {count:4} of {size:4}  {100 * count / size:3.0f} %")
    say("\n".join(["\nSurvivors:", *survivors]))


def mutants_of(module: str) -> list[MutationSpec]:
    """The module's mutants, in an order that depends on its text alone."""
    left_out = re.compile("|".join(CONFIG["left_out"]))
    tree = ast.parse(Path(module).read_text())
    places = annotations_of(tree) | guards_of(tree)
    with use_db(Path(tempfile.mkdtemp(dir="..")) / "mutants.sqlite") as found:
        init([Path(module)], found, {})
        all_of_it = [item.mutations[0] for item in found.work_items]
    kept = [
        each
        for each in all_of_it
        if not left_out.search(each.operator_name) and each.start_pos not in places
    ]
    return sorted(kept, key=lambda each: (each.start_pos, each.operator_name, each.occurrence))


def annotations_of(tree: ast.AST) -> set[tuple[int, int]]:
    """Where types are named: a mutant there stops the import, which says nothing of the tests."""
    named = [
        getattr(node, each, None) for node in ast.walk(tree) for each in ("annotation", "returns")
    ]
    return {
        (each.lineno, column)
        for each in named
        if each
        for column in range(each.col_offset, each.end_col_offset)
    }


def guards_of(tree: ast.AST) -> set[tuple[int, int]]:
    """Where a keyword of GUARDS has its value: without it the same program runs."""
    return {
        (node.value.lineno, node.value.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in GUARDS
    }


def try_all(module: str, mutants: list[MutationSpec]) -> list[str]:
    """For each mutant nothing, or how it looks where no test noticed it."""
    room = CONFIG["rooms"][module]
    unset = ["env", "-u", "TEST_SERVER", "-u", "TEST_BYTECODE"] if room.get("own_server") else []
    command = [*unset, *PYTEST, *room["tests"]]
    limit = 3 * unbroken(command) + 20
    found = []
    for mutant in mutants:
        started = time.monotonic()
        result = mutate_and_test([mutant], shlex.join(command), limit)
        survived, place = (
            result.test_outcome == TestOutcome.SURVIVED,
            f"{module}:{mutant.start_pos[0]}",
        )
        if result.diff is None:  # cosmic-ray cannot make it, as an except of a dotted name
            say(
                f"left out         {place} {mutant.operator_name}: {result.output.splitlines()[-1]}"
            )
            continue
        changed = [line for line in result.diff.splitlines() if re.match(r"[-+](?!--|\+\+)", line)]
        said = "SURVIVED" if survived else "noticed"
        say(f"{said:9} {time.monotonic() - started:4.0f} s  {place} {mutant.operator_name}")
        found.append("\n".join([f"{place} {mutant.operator_name}", *changed]) if survived else "")
        if result.output == "timeout":
            unbroken(command)  # what was killed may have left something behind
    return found


def unbroken(command: list[str]) -> float:
    """How many seconds the tests take on the unbroken copy, where they must pass."""
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(
            f"The tests fail without a mutant: {shlex.join(command)}\n{done.stdout}{done.stderr}"
        )
    return time.monotonic() - started


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
