from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from messaging.models import Message
from tenants.scope import operator_scope


class Command(BaseCommand):
    help = "Tells a message's way: the message, what answered it, and every status. Example: manage.py trace wamid.HBgLMTY1..."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("external_id", help="the provider's id of the message")

    def handle(self, *args: Any, external_id: str, **options: Any) -> None:
        with operator_scope():
            found = Message.objects.filter(external_id=external_id).select_related("channel", "tenant", "in_reply_to")
            messages = list(found)
            if not messages:
                raise CommandError("No message with this id is stored.")
            for message in messages:
                self.tell(message)

    def tell(self, message: Message) -> None:
        self.stdout.write(f"{message.tenant.name} · {message.channel} · conversation {message.conversation_id}")
        asked = message.in_reply_to or message
        for each in (asked, *asked.answers.all()):
            arrow = "->" if each.direction == Message.Direction.INBOUND else "<-"
            self.stdout.write(f"  {each.created_at:%H:%M:%S} {arrow} {each.text or each.kind}")
            self.stdout.write(f"           {each.status}" + (f": {each.error}" if each.error else ""))
            for attempt in each.tries.order_by("number"):
                answer = f" (HTTP {attempt.http_status})" if attempt.http_status else ""
                self.stdout.write(f"           {attempt.ended_at:%H:%M:%S} attempt {attempt.number}: {attempt.outcome}{answer}")
            for order in each.resends.order_by("ordered_at"):
                self.stdout.write(f"           {order.ordered_at:%H:%M:%S} sent again by {order.ordered_by}")
            for status in each.statuses.order_by("occurred_at", "recorded_at"):
                self.stdout.write(f"           {status.occurred_at:%H:%M:%S} {status.status}")
