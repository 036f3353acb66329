"""The last release's code, as much of it as its processes run: VERSION.tar.xz.

A migration is new where that archive does not hold it, and the chaos tests run the archive's own
processes. `make release-copy` makes it once CHANGELOG.md names the version.
"""

import re
import tarfile
from pathlib import Path

from config.development_database import PROJECT

NAMED = re.compile(r"^## \[(\d+\.\d+\.\d+)\]", re.MULTILINE)
HERE = Path(__file__).parent


def last_version() -> str:
    """The version that CHANGELOG.md names first."""
    found = NAMED.search((PROJECT / "CHANGELOG.md").read_text())
    assert found, "CHANGELOG.md names no version"
    return found[1]


def unpack(folder: Path) -> Path:
    """The last release's code in `folder`, which is made."""
    with tarfile.open(HERE / f"{last_version()}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


def released_migrations() -> set[tuple[str, str]]:
    """The migrations that the last release has, by the app's folder and their own name."""
    with tarfile.open(HERE / f"{last_version()}.tar.xz") as archive:
        paths = [Path(name) for name in archive.getnames()]
    return {(path.parts[0], path.stem) for path in paths if path.match("*/migrations/0*.py")}
