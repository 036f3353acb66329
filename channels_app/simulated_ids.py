"""Ids and token of test channels: made here, of a form that no provider gives. So no webhook of a
provider's names a test channel, and its token opens nothing.
"""

import re
from uuid import uuid4

FORM = "^test-[0-9a-f]{32}$"  # PostgreSQL reads it, too
TOKEN = "test"  # noqa: S105  nobody is asked with it


def new_channel() -> dict[str, str]:
    """Return what a new test channel has where any other has what its provider gave."""
    own_id = f"test-{uuid4().hex}"
    return {"external_id": own_id, "account_id": own_id, "access_token": TOKEN}


def is_test_id(external_id: str) -> bool:
    return re.fullmatch(FORM, external_id) is not None
