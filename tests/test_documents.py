"""What the documents name exists."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")])


# wsgi.py's environ is a request's
NO_SETTINGS = {"development.py", "development_database.py", "running.py", "wsgi.py"}


@pytest.mark.parametrize("document", ["faults.md", "threats.md"])
def test_every_test_that_a_document_names_exists(document):
    named = re.findall(
        r"`((?:\w+/)*test_\w+\.py)::(test_\w+)", (PROJECT / "docs" / document).read_text()
    )
    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in text_of(PROJECT / "tests" / file)
    ]
    assert (missing, len(named) > 20) == ([], True)


def text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


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
    explained = set(
        re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    )
    assert (read - explained, len(read) > 10) == (set(), True)
