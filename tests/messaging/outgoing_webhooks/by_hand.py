"""A turn step by step, as a process takes it that may stall or die in between."""

from messaging.outgoing_webhooks import leasing
from messaging.outgoing_webhooks.leasing import Look
from messaging.outgoing_webhooks.posting import Poster
from messaging.outgoing_webhooks.turns import Result, Taking, Turn


def leased(at_most: int = 5) -> list[Turn]:
    found = map(leasing.turn_of, Look(slow=False).lease(at_most))
    return [turn for turn in found if turn]


def taken(turn: Turn, requests: int = 100) -> Result:
    """What the subscriber's answers to so many requests have changed; nothing is recorded."""
    poster = Poster(turn.endpoint.url, turn.secrets)
    try:
        return Taking(turn, poster, lambda made: made < requests).take()
    finally:
        poster.close()
