"""The owner of Acme has a link and no account; their number is at Meta, whose side the stand-in
plays.
"""

from typing import Any

import pytest

from tests.support.whatsapp.holders import Owner, new_link
from whatsapp.stand_in.business import Business

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def link(web: str, acme: Any, meta: Business, settings: Any) -> str:
    settings.PUBLIC_URL = web
    return new_link(acme)


@pytest.fixture
def owner(web: str, link: str) -> Owner:
    return Owner(web, link)
