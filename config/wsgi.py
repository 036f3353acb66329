"""What gunicorn serves. With --preload it is loaded, and checked, before anything listens."""

import os
import sys

from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

try:
    call_command("check")
except SystemCheckError as faults:
    sys.exit(str(faults))
connections.close_all()  # the checks' connection must not be shared by the workers that fork from here
