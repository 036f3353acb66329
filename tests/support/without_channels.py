"""A copy of the project in which no channel is named."""

import re
from pathlib import Path

NAMED = re.compile(r"^CHANNEL_APPS\b.*$", re.MULTILINE)


def name_no_channel(copy: Path) -> None:
    settings = copy / "config" / "settings.py"
    changed, count = NAMED.subn("CHANNEL_APPS: list[str] = []", settings.read_text())
    assert count == 1, "config/settings.py has no line that begins with CHANNEL_APPS"
    settings.write_text(changed)
