"""Whatever a client sends, the API answers as its description says: schemathesis tries every
operation with good and bad input, NUL bytes included.
"""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.whatsapp

EXCLUDED = {
    # Not every message that a schema can describe can be sent: which template has which values, and
    # what may be said in which conversation, is no matter of form.
    "positive_data_acceptance",
}


def test_no_answer_is_undocumented_and_none_is_a_failure_of_ours(tools, web, key, ada):
    command = [
        str(tools / "schemathesis"),
        f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
        "run",
        f"{web}/api/v1/schema/",
        f"--url={web}",
        f"--header=Authorization: Bearer {key}",
        f"--exclude-checks={','.join(sorted(EXCLUDED))}",
        "--max-examples=25",
        "--seed=1",
        "--no-color",
        "--request-timeout=10",
    ]

    done = subprocess.run(command, capture_output=True, text=True, timeout=600)

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    (tested,) = re.findall(r"Tested:? +(\d+)", done.stdout)
    assert int(tested) >= 20
