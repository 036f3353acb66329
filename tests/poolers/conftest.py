"""What a test measured is shown at the end of the run."""

import pytest

from tests.support.figures import pytest_terminal_summary, say

__all__ = ["pytest_terminal_summary", "say"]

pytestmark = pytest.mark.whatsapp
