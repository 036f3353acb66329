"""`python -m tests.chaos.manage ...`: the product's command line, late and with failpoints, as the
environment says.
"""

import os
import sys

import django
from django.core.management import execute_from_command_line

from tests.chaos import failpoints

if __name__ == "__main__":
    failpoints.wait_as_told()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    failpoints.install(os.environ.get("FAILPOINTS", ""))
    execute_from_command_line(sys.argv)
