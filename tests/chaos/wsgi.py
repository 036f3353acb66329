"""`gunicorn tests.chaos.wsgi`: the product's application, with the failpoints of the environment installed."""

import os

from config.wsgi import application
from tests.chaos import failpoints

failpoints.install(os.environ["FAILPOINTS"])

__all__ = ["application"]
