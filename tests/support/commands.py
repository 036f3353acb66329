"""Commands of ours, as a script runs them: the last line that they print is JSON."""

import io
import json
from typing import Any

from django.core.management import call_command


def command(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    told: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return told
