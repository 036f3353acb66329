"""The webhooks of `make bench-peers`: those of load.py, with the user ids that pywa asks for."""

import json
from collections.abc import Iterator

from tests.benchmarks import load


def with_user_ids(count: int, channels: int) -> Iterator[bytes]:
    """Yield load.spread's webhooks. In each, every person has a user id beside the number."""
    for body in load.spread(count, channels):
        told = json.loads(body)
        value = told["entry"][0]["changes"][0]["value"]
        for person in value["contacts"]:
            person["user_id"] = f"DE.{person['wa_id']}"
        for message in value["messages"]:
            message["from_user_id"] = f"DE.{message['from']}"
        yield json.dumps(told).encode()
