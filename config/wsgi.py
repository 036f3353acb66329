"""What gunicorn serves. With --preload it is loaded, and checked, before anything listens."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """A request whose Content-Type cannot be read has none: Django reads it before anything could
    refuse it.
    """
    try:
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except ValueError:
        environ["CONTENT_TYPE"] = ""
    return django(environ, start_response)


try:
    call_command("check")
except SystemCheckError as faults:
    sys.exit(str(faults))
# the checks' connection must not be shared by the workers that fork from here
connections.close_all()
