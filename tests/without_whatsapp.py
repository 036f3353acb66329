"""`make test-without-whatsapp`: take WhatsApp away, in a copy, and run what is left of the tests.

What goes is the folder, its tests, every test file with the marker `whatsapp`, and the word in
CHANNEL_APPS. What remains must pass.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.copies import copy_project, name_no_channel

# The last eight have targets of their own, and each of them speaks WhatsApp.
FOLDERS = [
    "whatsapp",
    "tests/whatsapp",
    "tests/support/whatsapp",
    "tests/api_contract",
    "tests/browser",
    "tests/chaos",
    "tests/documents",
    "tests/first_hour",
    "tests/poolers",
    "tests/rehearsal",
    "tests/scale_out",
]
MARKED = re.compile(r"^pytestmark = .*pytest\.mark\.whatsapp", re.MULTILINE)
NOT_RUN = "tests/test_documents.py"  # the documents describe the whole project


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="messaging-without-whatsapp-") as folder:
        copy = copy_project(Path(folder))
        count = take_whatsapp_away(copy)
        sys.stdout.write(f"Without whatsapp/ and {count} test files that speak WhatsApp:\n")
        sys.stdout.flush()
        spread = ["-n", "3", "--dist", "worksteal"]
        command = [sys.executable, "-m", "pytest", *spread, "--ignore", NOT_RUN]
        sys.exit(subprocess.run(command, cwd=copy).returncode)


def take_whatsapp_away(copy: Path) -> int:
    """Remove WhatsApp from the copy. Returns how many test files went besides its folders."""
    for folder in FOLDERS:
        shutil.rmtree(copy / folder)
    marked = [file for file in (copy / "tests").rglob("*.py") if MARKED.search(file.read_text())]
    for file in marked:
        file.unlink()
    name_no_channel(copy)
    return len(marked)


if __name__ == "__main__":
    main()
