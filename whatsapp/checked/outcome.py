"""How a check fails."""


class NotReady(Exception):
    """The message is a sentence: what is wrong, and what to do."""
