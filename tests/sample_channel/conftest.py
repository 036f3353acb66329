"""The sample channel's other side, empty for each test."""

from collections.abc import Iterator

import pytest

from channels_app import providers
from tests.sample_channel.provider import SampleChannel


@pytest.fixture(autouse=True)
def bot() -> Iterator[SampleChannel]:
    """What was sent through the sample channel, and what it is to answer."""
    provider = providers.get("sample")
    assert isinstance(provider, SampleChannel)
    yield provider
    provider.__init__()  # type: ignore[misc]
