import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from messaging.conversations import state
from messaging.management.conversations import add_action_and_conversation
from messaging.models import Conversation
from messaging.models.answering import NOTE_LENGTH, UNTIL_HANDED_BACK, Answering
from messaging.tracing.threads import NotOne, thread_meant
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.scope import operator_scope

SHOW, HAND_OVER = "show", "hand_over"
MOVES = {HAND_OVER: state.hand_over, "take": state.take, "hand_back": state.hand_back}


class Command(Noted):
    help = (
        "Shows who answers in a conversation, automation or people, or hands it over to people,"
        " takes it for a person, or hands it back to automation. Example: manage.py conversation"
        ' hand_over --tenant acme "+46 70 000 00 01" --note "Asks for a refund"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_action_and_conversation(parser, [SHOW, *MOVES])
        parser.add_argument("--note", default="", help="why it is handed over, for the person")

    def handle(self, *args: Any, action: str, term: str, tenant: str, note: str, **_: Any) -> None:
        if note and action != HAND_OVER:
            raise CommandError(f"--note goes with {HAND_OVER}.")
        if len(note) > NOTE_LENGTH:
            raise CommandError(f"--note takes at most {NOTE_LENGTH} characters.")
        try:
            with operator_scope():
                conversation = thread_meant(term, tenant=tenant)
                if action != SHOW:
                    words = [note] if action == HAND_OVER else []
                    MOVES[action](conversation.id, *words)
                    self.note_rows(Action.ORDER, conversation, order=action)
                    conversation.refresh_from_db()
        except NotOne as refusal:
            raise CommandError(str(refusal)) from None
        line = json.dumps(told(conversation), cls=DjangoJSONEncoder, ensure_ascii=False)
        self.stdout.write(line)


def told(conversation: Conversation) -> dict[str, Any]:
    """Return who answers; `until` when, if that is people, and nobody hands it back before: null is
    without an end; and what they are waited for.
    """
    answering = conversation.answering_at(timezone.now())
    ends = conversation.replies_paused_until
    is_peoples = answering != Answering.AUTOMATION and ends != UNTIL_HANDED_BACK
    waiting = {
        "since": conversation.waiting_since,
        "because": conversation.waiting_because,
        "note": conversation.waiting_note,
    }
    return {
        "conversation": str(conversation.id),
        "answering": answering.value,
        "until": ends if is_peoples else None,
        "waiting": waiting if answering == Answering.WAITING else None,
    }
