"""The units of a plain server before systemd itself, which is Debian's."""

import subprocess
from pathlib import Path

import pytest

from config.development_database import PROJECT
from tests.deployment.said import HOME, UNITS

pytestmark = pytest.mark.whatsapp

HARDENED = PROJECT / "deploy" / "systemd-hardened"
MOST_EXPOSED = 20  # tenths; systemd calls 1.x "OK", and a unit without any bound is at 9.6


@pytest.mark.parametrize("mode", ["usual", "hardened"])
def test_systemd_reads_every_unit_without_a_word_and_finds_little_exposed(mode, tmp_path):
    home = tmp_path / "messaging"
    (home / ".venv" / "bin").mkdir(parents=True)
    for program in ("python", "gunicorn"):
        (home / ".venv" / "bin" / program).touch(mode=0o755)
    for path in UNITS.values():
        instance = path.name.replace("@", "@8000")
        (tmp_path / instance).write_text(path.read_text().replace(HOME, str(home)))
        if mode == "hardened":
            drop_in = HARDENED / f"{path.name}.d" / "hardened.conf"
            folder = tmp_path / f"{instance}.d"
            folder.mkdir()
            (folder / "hardened.conf").write_text(drop_in.read_text().replace(HOME, str(home)))

        verified = analyze("verify", tmp_path / instance)
        most = f"--threshold={MOST_EXPOSED}"
        exposed = analyze("security", "--offline=true", most, tmp_path / instance)

        assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
        assert exposed.returncode == 0, exposed.stdout


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)
