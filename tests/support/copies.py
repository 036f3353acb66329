"""Copies of the project that may be changed."""

import re
import shutil
from pathlib import Path

from config.development_database import PROJECT

# .env.example, .dockerignore and .gitignore are
NOT_COPIED = shutil.ignore_patterns(".[!edg]*", ".git", ".devdb", "__pycache__")
NAMED = re.compile(r"^CHANNEL_APPS\b.*$", re.MULTILINE)


def copy_project(folder: Path) -> Path:
    """Copy the project into the folder. Returns the copy."""
    return shutil.copytree(PROJECT, folder / "copy", ignore=NOT_COPIED)


def name_no_channel(copy: Path) -> None:
    """Leave CHANNEL_APPS empty in the copy's settings."""
    settings = copy / "config" / "settings.py"
    changed, count = NAMED.subn("CHANNEL_APPS: list[str] = []", settings.read_text())
    assert count == 1, "config/settings.py has no line that begins with CHANNEL_APPS"
    settings.write_text(changed)
