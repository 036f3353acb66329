"""A disk that is full when a test says so: writes that would make a file below a folder longer fail
as on one (ENOSPC), by a library that is loaded before the program. Nothing needs to be mounted.
"""

import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("full_disk.c")


class FullDisk:
    """There is room in the folder until `fill`, for programs that run in this `environment`."""

    def __init__(self, folder: Path, library: Path) -> None:
        self.mark = folder / "full"
        compiled = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(compiled, check=True)
        self.environment = {"LD_PRELOAD": str(library), "FULL_DISK": str(folder)}

    def fill(self) -> None:
        self.mark.touch()

    def make_room(self) -> None:
        self.mark.unlink(missing_ok=True)
