"""The commands of docs/rehearsing.md, typed against a copy, print what the page shows."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
from django.utils import timezone

from config.development_database import PROJECT, programs
from tests.documents.pages import BLOCK, block_of, is_as_shown, with_words
from tests.support import database
from tests.support.processes import BIN, environment

pytestmark = pytest.mark.whatsapp

PAGE = PROJECT / "docs" / "rehearsing.md"
OURS = "not run: tests/messaging/rehearsal/test_guide.py types it"


def steps() -> Iterator[tuple[str, str]]:
    """What the page lets a reader type, with what it shows then."""
    words = PAGE.read_text()
    found = [block_of(PAGE, words, each) for each in BLOCK.finditer(words)]
    for block, following in pairwise([*found, None]):
        if block and block.mark == OURS:
            is_shown = following is not None and following.language == "text"
            yield block.text, following.text if following and is_shown else ""


def type_in(text: str, values: Mapping[str, str]) -> str:
    path = os.pathsep.join([str(BIN), str(programs()[0]), values["PATH"]])
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -euo pipefail\n{text}"],
        cwd=PROJECT,
        env={**values, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_is_followed(acme_whatsapp, write, work, graph, restore):
    since = timezone.now()
    for text in ("Hello", "Are you there?"):
        write(text)
        work()
    copy = restore()
    values = environment(
        copy,
        DATABASE_OWNER_URL=database.owner_url(copy),
        COPY_SUPERUSER_URL=database.superuser_url(copy),
    )
    words = {
        "restored": copy,
        "2026-11-29 00:00": since.isoformat(),
        "2026-11-29T00:00:00+00:00": since.isoformat(),
    }

    typed = [(text, type_in(with_words(text, words), values), shown) for text, shown in steps()]

    assert len(typed) == 3
    for text, printed, shown in typed:
        assert is_as_shown(printed, with_words(shown, words)), f"{text}{printed}"
