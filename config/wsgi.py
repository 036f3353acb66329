"""WSGI application. With --preload, the system checks run before gunicorn opens a socket."""

import os
import sys
from collections.abc import Callable, Iterable
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils.http import parse_header_parameters

from config.metrics_folder import share_metrics
from config.processes import refuse_to_serve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
share_metrics()

django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Serve a request, without its Content-Type if that is malformed: Django would fail on it
    before any middleware could answer 400.
    """
    try:
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except ValueError:
        environ["CONTENT_TYPE"] = ""
    return django(environ, start_response)


refuse_to_serve()
try:
    call_command("check", stdout=StringIO())  # standard output may be a log on a full disk
except SystemCheckError as faults:
    sys.exit(str(faults))
# The workers that fork from this process must not share the connection of the checks.
connections.close_all()
