"""`python -m tests.support.warm`: forks a `manage.py` for each order that it reads, and says how
that ended.

Importing what others wrote is most of what a command costs, and it is done once here. The project's
own modules, settings and connections are imported and made in each fork, as in a process of its
own.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import sys
from pathlib import Path

LIMIT_SECONDS = 120
LIBRARIES = (
    "botocore.config",
    "cryptography.hazmat.primitives.ciphers.aead",
    "django.core.handlers.wsgi",
    "django.core.management.commands.migrate",
    "django.core.servers.basehttp",
    "django.db.backends.postgresql.base",
    "django.template.backends.django",
    "django.template.defaulttags",
    "environ",
    "jinja2",
    "procrastinate.contrib.django.procrastinate_app",
    "psycopg_pool",
    "requests",
    "rest_framework.serializers",
    "unittest.mock",
    "whitenoise.middleware",
    "xml.dom.minidom",
)


def main() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    # what the forks import is compiled once
    sys.dont_write_bytecode, sys.pycache_prefix = False, os.environ["TEST_BYTECODE"]
    gc.collect()
    gc.freeze()  # else each fork copies all of it, to look at it and to end
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            return become(**order)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(arguments: list[str], environment: dict[str, str], folder: str, place: str) -> None:
    """This process is the `manage.py` of `place` with these arguments from here on; it writes into
    `output` and `errors` of the folder.
    """
    os.chdir(place)
    sys.path[0] = place
    os.environ.clear()
    os.environ.update(environment)
    for number, file in enumerate((os.devnull, f"{folder}/output", f"{folder}/errors")):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT), number)
    signal.alarm(LIMIT_SECONDS)
    sys.argv = ["manage.py", *arguments]
    runpy.run_path(str(Path("manage.py").resolve()), run_name="__main__")


if __name__ == "__main__":
    main()
