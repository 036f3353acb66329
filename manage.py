#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.processes import refuse_to_run
    from config.uncaught import tell_in_the_log

    tell_in_the_log()
    refuse_to_run(*sys.argv[1:2] or ["help"])
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
