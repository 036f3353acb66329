"""`python -m tests.chaos.manage ...`: the product's command line, with the failpoints of the environment installed.

CHAOS_LATE is how many seconds it waits before it does anything, as on a machine that is busy with others.
"""

import os
import sys
import time

import django
from django.core.management import execute_from_command_line

from tests.chaos import failpoints

if __name__ == "__main__":
    time.sleep(float(os.environ.get("CHAOS_LATE", "0")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    failpoints.install(os.environ["FAILPOINTS"])
    execute_from_command_line(sys.argv)
