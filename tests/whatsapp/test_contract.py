"""What every provider must keep, kept by WhatsApp."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.provider_contract import ProviderContract
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.webhooks.signature import sign

pytestmark = pytest.mark.whatsapp

SIGNATURE = "X-Hub-Signature-256"


class TestWhatsApp(ProviderContract):
    kind = "whatsapp"
    ids = {"external_id": ACME_NUMBER, "account_id": ACME_ACCOUNT}

    def genuine(self, text: str) -> tuple[bytes, dict[str, str], str]:
        value = bodies.value(ACME_NUMBER, messages=(bodies.text(text),))
        body = bodies.webhook(bodies.entry(ACME_ACCOUNT, value))
        return body, {SIGNATURE: sign(body, SECRET)}, ""

    def forged(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {SIGNATURE: sign(b"another body", SECRET)}

    @pytest.fixture
    def accepting(self, graph: Any) -> None:
        """The stand-in for the Graph API accepts what is sent."""

    @pytest.fixture
    def failing(self, settings: Any) -> None:
        settings.META_GRAPH_URL = "http://127.0.0.1:1"
