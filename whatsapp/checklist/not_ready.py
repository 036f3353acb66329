"""How a check fails, or has nothing to look at."""


class NotReady(Exception):
    """The message is a sentence: what is wrong, and what to do."""


class DoesNotApply(Exception):
    """The message says why."""
