"""A test channel of Acme's, as an operator connects it, and its own time."""

from collections.abc import Callable
from typing import Any

import psycopg

from channels_app.models import Channel
from channels_app.simulated_ids import new_channel
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.api import Caller

SOON = (
    "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at > now() AND attempts = 0",
    "UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'",
    "UPDATE messaging.channel_paces SET ready_at = now()",
)


def connect(tenant: Tenant, kind: str = "whatsapp") -> Channel:
    with operator_scope():
        return Channel.objects.connect(tenant, kind=kind, name="Test", **new_channel())


class Rehearsal:
    """What is tried on a test channel: `write` as somebody, `send` to them, and let time pass."""

    def __init__(
        self, caller: Caller, channel: Channel, rows: psycopg.Connection, work: Callable[[], None]
    ) -> None:
        self.caller, self.channel, self.rows, self.work = caller, channel, rows, work

    def write(self, number: str, text: str = "Hello", **more: Any) -> Any:
        body = {"from": {"kind": "phone", "value": number}, "text": text, **more}
        return self.caller.post(f"channels/{self.channel.id}/test-messages", body)

    def send(self, number: str, text: str = "Hi") -> str:
        """Write back to who has written; the message's id."""
        (conversation,) = [
            each["id"]
            for each in self.caller.items("conversations", channel=str(self.channel.id))
            if number in self.numbers_of(each["contact"])
        ]
        body = {"conversation": conversation, "content": {"kind": "text", "body": text}}
        response = self.caller.post("messages", body)
        assert response.status_code == 202, response.text
        return response.json()["id"]

    def numbers_of(self, contact: str) -> list[str]:
        told = self.caller.get(f"contacts/{contact}").json()
        return [each["value"] for each in told["identities"]]

    def let_time_pass(self) -> None:
        """Whatever is to come has come."""
        for _ in range(4):
            self.work()
            for statement in SOON:
                self.rows.execute(statement)
        self.work()

    def told_of(self, message: str) -> dict[str, Any]:
        return self.caller.get(f"messages/{message}").json()
