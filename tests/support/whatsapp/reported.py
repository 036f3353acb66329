"""Inputs that real users of such systems reported, in reports/: webhook bodies, answers of Graph's,
what a caller asked for.
"""

import json
import time
from pathlib import Path
from typing import Any

REPORTS = Path(__file__).parent / "reports"


def read(name: str) -> Any:
    return json.loads((REPORTS / f"{name}.json").read_text())


def body_of(name: str, **written: str) -> bytes:
    """A webhook of now; `written`: what stands for a word of the report, as
    WAMID_OF_OUR_MESSAGE.
    """
    text = (REPORTS / f"{name}.json").read_text().replace('"1795872000"', f'"{int(time.time())}"')
    for word, value in written.items():
        text = text.replace(word, value)
    return text.encode()


def step_of(name: str) -> dict[str, Any]:
    """A refusal of Graph's, as a step of the stand-in's script."""
    report = read(name)
    error = report["answer"]["error"]
    return {"http": report["status"], "code": error["code"], "subcode": error.get("error_subcode")}
