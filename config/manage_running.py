"""`make manage ARGS="..."`: run a manage.py command with the environment of the copy that
`make run` runs in this folder.
"""

import os
import sys

from config.running import PROJECT, Record


def main() -> None:
    record = Record()
    if not record.is_taken():
        sys.exit("No copy is running in this folder. Start one with make run, in another terminal.")
    environment = record.read()
    if not environment:
        sys.exit(
            "The copy in this folder is still starting. Try again when it has printed its"
            " addresses."
        )
    os.chdir(PROJECT)
    os.execve(
        sys.executable, [sys.executable, "manage.py", *sys.argv[1:]], {**os.environ, **environment}
    )


if __name__ == "__main__":
    main()
