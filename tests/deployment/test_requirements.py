"""What is installed: exact versions with the hashes of their files, of what people wrote down."""

import re
from pathlib import Path

import pytest

from config.development_database import PROJECT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==([^\s;\\]+)")


def named(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def pins(file: str) -> dict[str, str]:
    found = map(PIN.match, (PROJECT / file).read_text().splitlines())
    return {named(each[1]): each[2] for each in found if each}


def hashes(file: str) -> dict[str, set[str]]:
    """Each package of a compiled file with the hashes of its files."""
    whole = re.sub(r"\\\n\s*", "", (PROJECT / file).read_text())
    return {
        named(found[1]): set(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
        for line in whole.splitlines()
        if (found := PIN.match(line))
    }


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_all_that_is_installed_has_a_version_and_hashes_and_comes_from_the_usual_index(name):
    lines = (PROJECT / f"{name}.txt").read_text().splitlines()
    others = [line for line in lines if not re.match(r"#|$|    --hash=", line)]

    assert [line for line in others if not PIN.match(line)] == []
    assert [each for each, found in hashes(f"{name}.txt").items() if not found] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_people_wrote_down_is_what_was_compiled(name):
    written, compiled = pins(f"{name}.in"), pins(f"{name}.txt")

    assert {each: compiled.get(each) for each in written} == written
    assert len(compiled) > len(written) > 10


def test_the_tests_run_with_the_files_that_production_has():
    runtime, development = hashes("requirements.txt"), hashes("requirements-dev.txt")

    assert {each: development.get(each) for each in runtime} == runtime


def test_whatever_installs_them_compares_the_hashes():
    for file in (Path("Makefile"), Path("Dockerfile")):
        lines = re.findall(
            r".*pip install.*-r /?requirements\S*\.txt", (PROJECT / file).read_text()
        )
        assert [line for line in lines if "--require-hashes" not in line] == []
        assert len(lines) == 1
