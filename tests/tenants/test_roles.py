"""What the document says of roles is what the code does."""

import re

from config.development_database import PROJECT
from tenants.members import roles
from tenants.models import Membership


def test_the_document_has_the_table_of_the_code():
    text = (PROJECT / "docs" / "members.md").read_text()
    heading = f"| what | {' | '.join(map(str, roles.NAMES.values()))} |"
    found = re.findall(r"^\| (.*?\.) \| (yes|no) \| (yes|no) \| (yes|no) \|$", text, re.MULTILINE)

    assert (
        heading in text,
        [(sentence, [each == "yes" for each in has]) for sentence, *has in found],
    ) == (True, roles.table())


def test_every_role_has_a_name():
    assert list(roles.NAMES) == Membership.Role.values
