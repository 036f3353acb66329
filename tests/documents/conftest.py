"""The installations in which the documents' commands are typed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents.installation import Installation
from tests.support.copies import copy_project

pytestmark = pytest.mark.whatsapp


@pytest.fixture(scope="session")
def installation(
    worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Acme's, behind TLS. What a test breaks in it, it mends."""
    made = Installation(tmp_path_factory.mktemp("installation"), f"documents_{worker_id}")
    with pytest.MonkeyPatch.context() as patch:
        # Meta's stand-in, which reports statuses from this process, trusts the certificate too
        patch.setitem(os.environ, "REQUESTS_CA_BUNDLE", str(made.certificate))
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project as a clone is, with everything installed."""
    folder = copy_project(tmp_path)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder
