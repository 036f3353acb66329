"""Who is told of what happens."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.subscriber import Subscriber


@pytest.fixture
def shop(settings: Any) -> Iterator[Subscriber]:
    """The business's own server, or the platform's."""
    subscriber = Subscriber()
    settings.WEBHOOK_ALLOWED_HOSTS = {subscriber.place}
    yield subscriber
    subscriber.stop()
