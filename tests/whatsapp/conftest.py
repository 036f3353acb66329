"""Acme has an account at Meta, which can be connected through our app."""

from typing import Any

import pytest

from tests.support.whatsapp.connecting import ACME, APP_ID, APP_SECRET, PHONE
from whatsapp.stand_in import StandIn

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def acme_at_meta(settings: Any, graph: StandIn) -> None:
    settings.META_APP_ID, settings.META_APP_SECRET = APP_ID, APP_SECRET
    graph.business.client_id, graph.business.client_secret = APP_ID, APP_SECRET
    graph.business.open_account(ACME, PHONE, name="Acme Ltd")
