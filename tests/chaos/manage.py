"""`python -m tests.chaos.manage ...`: the product's command line, with the failpoints of the environment installed."""

import os
import sys

import django
from django.core.management import execute_from_command_line

from tests.chaos import failpoints

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    failpoints.install(os.environ["FAILPOINTS"])
    execute_from_command_line(sys.argv)
