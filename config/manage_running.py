"""`make manage ARGS="..."`: run a manage.py command with the environment of the copy that
`make run` runs in this folder.
"""

import os
import sys

from config.running import PROJECT, Record


def environment_of_the_copy() -> dict[str, str]:
    """Return the running copy's environment. Ends the process with a sentence if there is none."""
    record = Record()
    if not record.is_taken():
        sys.exit("No copy is running in this folder. Start one with make run, in another terminal.")
    environment = record.read()
    if not environment:
        sys.exit(
            "The copy in this folder is still starting. Try again when it has printed its"
            " addresses."
        )
    return environment


def main() -> None:
    environment = environment_of_the_copy()
    os.chdir(PROJECT)
    os.execve(
        sys.executable, [sys.executable, "manage.py", *sys.argv[1:]], {**os.environ, **environment}
    )


if __name__ == "__main__":
    main()
