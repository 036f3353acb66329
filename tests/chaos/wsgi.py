"""`gunicorn tests.chaos.wsgi`: the product's application, late and with failpoints, as the
environment says.
"""

import os

from config.wsgi import application
from tests.chaos import failpoints

failpoints.wait_as_told()
failpoints.install(os.environ.get("FAILPOINTS", ""))

__all__ = ["application"]
