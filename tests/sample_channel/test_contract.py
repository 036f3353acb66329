"""What every provider must keep, kept by the sample channel."""

import json
from collections.abc import Mapping

import pytest

from channels_app.providers import SendError
from tests.sample_channel.provider import HEADER, SampleChannel, secret_of
from tests.support.provider_contract import ProviderContract


class TestSampleChannel(ProviderContract):
    kind = "sample"
    ids = {"external_id": "acmes-bot", "account_id": "acmes-bot"}

    def genuine(self, text: str) -> tuple[bytes, dict[str, str], str]:
        body = json.dumps({"chat": "ada", "message": 7, "text": text}).encode()
        return body, {HEADER: secret_of("acmes-bot")}, "acmes-bot"

    def forged(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {HEADER: secret_of("globexes-bot")}

    @pytest.fixture
    def accepting(self) -> None:
        pass

    @pytest.fixture
    def failing(self, bot: SampleChannel) -> None:
        bot.script.append(SendError("No answer came.", then="unknown"))
