"""The arguments by which a command takes a conversation and what is to be done with it."""

from collections.abc import Iterable

from django.core.management.base import CommandParser


def add_action_and_conversation(parser: CommandParser, actions: Iterable[str]) -> None:
    """Let a command be told one of these actions, and a conversation for
    `messaging.tracing.threads.thread_meant`.
    """
    parser.add_argument("action", choices=[*actions])
    parser.add_argument(
        "term", metavar="ID or NUMBER", help="a conversation, or a person's number, or its end"
    )
    parser.add_argument(
        "--tenant", metavar="SLUG", default="", help="this tenant's conversations only"
    )
