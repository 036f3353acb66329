import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from channels_app.content import Unsendable
from messaging.conversations import thread_history, thread_tasks, writing
from messaging.conversations.thread_state import state_of
from messaging.management.conversations import add_action_and_conversation
from messaging.models import Conversation, ThreadOrder
from messaging.tracing.owners import lines_of_owner, said_of_order
from messaging.tracing.threads import NotOne, thread_meant
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.scope import operator_scope

SHOW = "show"
BY = "manage.py thread"


class Command(Noted):
    help = (
        "Shows who has a conversation's thread on a channel that several responders share, or"
        " orders that it is passed on, released or taken; a jobs process asks the provider."
        ' Example: manage.py thread pass --tenant acme "+46 70 000 00 01" --note "A refund"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_action_and_conversation(parser, [SHOW, *ThreadOrder.Action.values])
        parser.add_argument("--note", default="", help="for the other responder")

    def handle(self, *args: Any, action: str, term: str, tenant: str, note: str, **_: Any) -> None:
        if note and action in (SHOW, ThreadOrder.Action.RELEASE):
            raise CommandError("--note goes with pass and take.")
        try:
            with operator_scope():
                conversation = thread_meant(term, tenant=tenant)
                if action != SHOW:
                    thread_tasks.give_order(conversation.id, action, note=note, by=BY)
                    self.note_rows(Action.ORDER, conversation, order=action)
                self.tell(conversation)
        except (NotOne, Unsendable) as refusal:
            raise CommandError(str(refusal)) from None

    def tell(self, conversation: Conversation) -> None:
        """Print who has the thread, what was ordered, and both once more as JSON."""
        state = state_of(conversation)
        orders = list(thread_history.orders_of(conversation))
        for line in (
            *lines_of_owner(conversation),
            writing.outcome_of(conversation),
            *map(said_of_order, orders),
        ):
            self.stdout.write(line.strip())
        newest = {"id": str(orders[0].id), "status": orders[0].status} if orders else None
        told = {
            "conversation": str(conversation.id),
            "owner": state.owner if state else None,
            "order": newest,
        }
        self.stdout.write(json.dumps(told))
