"""What the documents name exists."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from config.processes import PROCESSES

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])
DECISIONS = sorted(
    set(PROJECT.glob("docs/decisions/*.md")) - {PROJECT / "docs/decisions/README.md"}
)


# wsgi.py's environ is a request's
NO_SETTINGS = {"development.py", "development_database.py", "running.py", "wsgi.py"}


@pytest.mark.parametrize(
    ("document", "at_least"), [("back-office.md", 5), ("faults.md", 20), ("threats.md", 20)]
)
def test_every_test_that_a_document_names_exists(document, at_least):
    named = re.findall(
        r"`((?:\w+/)*test_\w+\.py)::(test_\w+)", (PROJECT / "docs" / document).read_text()
    )
    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in text_of(PROJECT / "tests" / file)
    ]
    assert (missing, len(named) > at_least) == ([], True)


def text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_link_of_a_document_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_was_refused_and_what_it_costs(page):
    first, *sections = re.findall(r"^#+ .*", page.read_text(), re.MULTILINE)
    assert (first[:2], sections) == ("# ", ["## Decision", "## Refused", "## Consequences"])


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem)
def test_every_file_that_a_decision_names_exists(page):
    named = re.findall(r"`([\w.][\w./]*/[\w./]+)`", page.read_text())
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_every_file_that_the_mutants_rooms_name_exists():
    rooms = tomllib.loads((PROJECT / "tests" / "mutants" / "rooms.toml").read_text())["rooms"]
    named = [file for module, room in rooms.items() for file in (module, *room["tests"])]
    assert ([file for file in named if not (PROJECT / file).exists()], len(rooms) > 12) == (
        [],
        True,
    )


def test_every_place_that_contributing_names_for_a_change_exists():
    table = (PROJECT / "CONTRIBUTING.md").read_text().split("## Where does my change go?")[1]
    named = re.findall(r"`(\w+/[\w./]+)`", table.split("\n## ")[0])
    assert ([name for name in named if not (PROJECT / name).exists()], len(named) > 12) == (
        [],
        True,
    )


def test_the_index_of_decisions_lists_each_by_its_title():
    index = (PROJECT / "docs/decisions/README.md").read_text()
    titles = {page.name: page.read_text().splitlines()[0].removeprefix("# ") for page in DECISIONS}
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", index, re.MULTILINE)
    assert (sorted((name, title) for title, name in listed), len(listed) > 40) == (
        sorted(titles.items()),
        True,
    )


def test_every_variable_of_the_settings_is_explained_in_the_example():
    settings = "".join(
        path.read_text()
        for path in (PROJECT / "config").glob("*.py")
        if path.name not in NO_SETTINGS
    )
    readers = (
        r"(?:required|optional|secret|positive|count|one_of|database|\w+_address|environ\.get)"
    )
    read = {
        *re.findall(rf"{readers}\(\"([A-Z_]+)\"", settings),
        *re.findall(r"\"((?:META|MEDIA)_\w+)\"", settings),
    }
    assert (read - explained_in_the_example(), len(read) > 10) == (set(), True)


def explained_in_the_example() -> set[str]:
    example = (PROJECT / ".env.example").read_text()
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))


def test_every_variable_of_the_example_is_read_by_the_settings():
    sources = "".join(path.read_text() for path in (PROJECT / "config").rglob("*.py"))
    words = re.findall(r"\b[A-Z][A-Z0-9_]+\b", sources)
    logins = {f"{process.upper().replace('-', '_')}_LOGIN_PASSWORD" for process in PROCESSES}

    assert explained_in_the_example() - {*words, *logins} == set()


FENCE = re.compile(r"^[ ]*```(\w*)\n.*?^[ ]*```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`|^[ ]*```sh\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?<![\w./])manage\.py ([a-z]\w+)([^|&;\n`]*)")
TARGET = re.compile(r"(?<![\w-])(?<!install )make ((?:-\w+ )*)([a-z][\w-]+)(?=$|[ `\n])")


def code_in(document: Path) -> list[str]:
    return ["".join(found) for found in CODE.findall(document.read_text())]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_fenced_block_of_a_document_names_its_language(document):
    unnamed = [found for found in FENCE.finditer(document.read_text()) if not found[1]]
    assert [found[0] for found in unnamed] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_command_that_a_document_names_exists_with_its_options(document):
    unknown = [
        f"{name} {option}".rstrip()
        for code in code_in(document)
        for name, arguments in COMMAND.findall(code)
        for option in [*options_of(arguments), ""]
        if not takes(name, option)
    ]
    assert unknown == []


def options_of(arguments: str) -> list[str]:
    try:
        words = shlex.split(arguments)
    except ValueError:  # a command that goes on in the next line
        words = arguments.split()
    return [word.split("=")[0] for word in words if re.match(r"--[a-z]", word)]


def takes(name: str, option: str) -> bool:
    apps = get_commands()
    if name not in apps:
        return False
    parser = load_command_class(apps[name], name).create_parser("manage.py", name)
    return not option or option in parser._option_string_actions


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_target_of_make_that_a_document_names_exists(document):
    makefile = (PROJECT / "Makefile").read_text()
    named = {name for code in code_in(document) for _, name in TARGET.findall(code)}
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.M)} == set()


def test_the_strategy_that_calls_a_service_is_shown_as_the_tests_use_it():
    recipe = (PROJECT / "tests/support/service_strategy.py").read_text()

    assert (recipe in (PROJECT / "CONTRIBUTING.md").read_text(), recipe.count("\n") < 60) == (
        True,
        True,
    )
