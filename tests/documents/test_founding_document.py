"""Every command of docs/founding-document.md prints what its row says."""

import os
import re

import pytest

from config.development_database import PROJECT
from tests.documents.installation import Installation
from tests.documents.pages import pattern_of, with_words

pytestmark = pytest.mark.whatsapp

PAGE = PROJECT / "docs" / "founding-document.md"
ROW = re.compile(r"^\| (?P<says>.+?) \| (?P<here>.+?) \| `(?P<command>.+)` \| `(?P<prints>.+)` \|$")
ROWS = [found for line in PAGE.read_text().splitlines() if (found := ROW.match(line))]
# what a setting is needed for is shown without it; grep says 1 where it counts 0
FAILING = ("env ", "grep -c ERROR", "grep -ci")
# a run of the tests within this one is like one by hand: nothing of ours is in its environment
BY_HAND = 'env -i PATH="$PATH" HOME="$HOME"'


@pytest.fixture(scope="module")
def answered(installation: Installation) -> Installation:
    """Somebody wrote to Acme and was answered."""
    installation.forget_messages()
    installation.begin_logs_anew()
    write = 'simulate_message --tenant acme --from 16505551234 --wait "Is it in stock?"'
    assert "      delivered\n" in installation.manage(write)
    installation.reader.words["YOUR_TOKEN"] = os.environ["WHATSAPP_VERIFY_TOKEN"]
    return installation


def test_every_row_has_a_command():
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    titles = [line for line in rows if line.startswith("| it says |")]
    assert (len(rows) - len(titles), len(ROWS) > 60) == (len(ROWS), True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["says"])
def test_the_command_of_a_row_prints_what_the_row_says(row, answered):
    reader = answered.reader
    command = with_words(row["command"], reader.words)
    if command.startswith("python -m pytest"):
        command = f"{BY_HAND} {command}"
    line = re.compile(pattern_of(with_words(row["prints"], reader.words), {}))
    done = reader.type(command)

    assert any(map(line.fullmatch, done.stdout.splitlines())), done.stdout
    assert (done.returncode == 0) is not row["command"].startswith(FAILING), done.stdout
