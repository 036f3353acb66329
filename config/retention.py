"""For how many days each kind of data is kept, by the environment."""

from config.environment import faults, is_number, optional

LONGEST = 36_500  # days


def days_kept() -> dict[str, int]:
    """Return the days by kind; what is not named is kept until somebody deletes it."""
    given = {
        "bodies": optional("KEEP_WEBHOOKS_DAYS"),
        "events": optional("KEEP_EVENTS_DAYS"),
        "messages": optional("KEEP_MESSAGES_DAYS"),
        "webhook_log": optional("KEEP_WEBHOOK_LOG_DAYS"),
        "audit": optional("KEEP_AUDIT_LOG_DAYS"),
    }
    wrong = [text for text in given.values() if text and not is_days(text)]
    faults.extend(
        f"{text!r} is no number of days: KEEP_..._DAYS is a whole number from 1 to {LONGEST}, or"
        " empty."
        for text in wrong
    )
    return {kind: int(text) for kind, text in given.items() if is_days(text)}


def is_days(text: str) -> bool:
    return is_number(text) and 0 < int(text) <= LONGEST
