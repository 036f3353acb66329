"""What the files of a deployment say, read without the programs that they are for."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from config.development_database import PROJECT

PROCFILE = {
    name: shlex.split(command)
    for name, command in (
        line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines()
    )
}
UNITS = {
    re.split(r"[@.]", path.name)[0].removeprefix("messaging-"): path
    for path in sorted((PROJECT / "deploy" / "systemd").iterdir())
}
HOME = "/opt/messaging"
# seconds between SIGTERM and SIGKILL, as docs/deployment.md says
PATIENCE = {"web": 10, "worker": 30, "jobs": 10}
KNOWN = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (PROJECT / ".env.example").read_text(), re.M))
# read by the programs beneath, not by the project's settings
OF_PROGRAMS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "GUNICORN_CMD_ARGS"}


def instructions(text: str) -> list[tuple[str, str]]:
    """Return a Dockerfile's instructions, (word, what follows)."""
    whole = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.M))
    return [(word, rest) for word, rest in re.findall(r"^([A-Z]+) (.*)$", whole, re.M)]


def dockerfile() -> list[tuple[str, str]]:
    return instructions((PROJECT / "Dockerfile").read_text())


def environment_of(found: list[tuple[str, str]]) -> dict[str, str]:
    pairs = (pair for word, rest in found if word == "ENV" for pair in shlex.split(rest))
    return dict(pair.split("=", 1) for pair in pairs)


def words_of(found: list[tuple[str, str]], word: str) -> list[str]:
    """Return the words of the last such instruction, from its list in JSON."""
    last = [rest for each, rest in found if each == word][-1]
    return json.loads(last[last.index("[") :])


def documents(file: str) -> list[dict[str, Any]]:
    """Return the documents of a YAML file."""
    return list(yaml.safe_load_all((PROJECT / file).read_text()))


def unit(path: Path) -> dict[str, list[str]]:
    """Return each key of a systemd unit with its values, in their order."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", path.read_text(), re.M):
        found.setdefault(key, []).append(value)
    return found
