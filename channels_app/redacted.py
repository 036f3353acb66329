"""Redact a provider's refusal before it is logged."""


def advice_of(reason: str) -> str:
    """Return our own advice, without the provider's words in parentheses behind it: they may repeat
    what a person wrote.
    """
    return reason.partition(" (")[0]
