"""The commands of docs/operations.md that a chaos test types, because they need its fault."""

import os
import re
import subprocess
from collections.abc import Mapping

from config.development_database import PROJECT
from tests.chaos.running import BIN
from tests.documents.pages import BLOCK, Block, block_of, with_words

PAGE = PROJECT / "docs" / "operations.md"


def blocks_under(heading: str, test: str) -> list[Block]:
    """Return the blocks of this section, in their order, that the page leaves to this test."""
    section = PAGE.read_text().split(f"\n{heading}\n")[1]
    section = re.split(r"^##+ ", section, maxsplit=1, flags=re.MULTILINE)[0]
    found = (block_of(PAGE, section, each) for each in BLOCK.finditer(section))
    return [block for block in found if block.mark == f"not run: {test} types it"]


def type_in(
    block: Block, environment: Mapping[str, str], words: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """What it prints, stderr included; `words`: the reader's own in the place of the page's."""
    values = {**environment, "PATH": os.pathsep.join([str(BIN), environment["PATH"]])}
    return subprocess.run(
        ["/bin/bash", "-c", f"set -euo pipefail\n{with_words(block.text, words)}"],
        cwd=PROJECT,
        env=values,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
