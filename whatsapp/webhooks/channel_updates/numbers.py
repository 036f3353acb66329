"""What Meta tells of one phone number: quality and throughput, its name, its username, its PIN.
Pure.
"""

from typing import Any

from whatsapp.json_values import Json, digits, text

# Meta's word: what the operator should know, how bad it is, what of the number's health is now so.
QUALITIES: dict[str, tuple[str, str, dict[str, str]]] = {
    "ONBOARDING": ("The number is ready to write to people.", "info", {}),
    "THROUGHPUT_UPGRADE": ("The number may send faster now.", "info", {"throughput": "high"}),
    "FLAGGED": (
        "The number's quality is low: people block or report its messages.",
        "warning",
        {"quality": "flagged"},
    ),
    "UNFLAGGED": ("The number's quality is good again.", "info", {"quality": "not flagged"}),
    "UPGRADE": ("The number may write to more people now.", "info", {}),
    "DOWNGRADE": ("The number may write to fewer people now.", "warning", {}),
}
NAMES = {
    "APPROVED": ("The display name {name} was approved.", "info", "approved"),
    "REJECTED": ("The display name {name} was rejected: choose another.", "warning", "rejected"),
    "DECLINED": ("The display name {name} was rejected: choose another.", "warning", "rejected"),
    "DEFERRED": ("The display name {name} is still being reviewed.", "info", "deferred"),
    "PENDING": ("The display name {name} is being reviewed.", "info", "pending"),
}
USERNAMES = {
    "approved": ("The username {name} is the number's now.", "{name}"),
    "reserved": ("The username {name} is reserved for the number.", "{name} (reserved)"),
    "deleted": ("The number has no username any more.", ""),
}
PINS = {
    "PIN_CHANGED": ("The number's PIN was changed.", "info"),
    "PIN_RESET_REQUEST": (
        "Somebody asked to reset the number's PIN: find out who, if it was none of you.",
        "warning",
    ),
    "PIN_RESET_SUCCESS": ("The number's PIN was reset.", "warning"),
}
LIMIT = "People it may write to in a day"
TIERS = {"TIER_UNLIMITED": "unlimited", "TIER_NOT_SET": "not set"} | {
    f"TIER_{word}": f"{amount:,}"
    for word, amount in {
        "50": 50,
        "250": 250,
        "1K": 1_000,
        "2K": 2_000,
        "10K": 10_000,
        "100K": 100_000,
    }.items()
}


def quality(value: Json) -> Json:
    event = text(value.get("event"))
    words, severity, health = QUALITIES.get(event, (other("quality", event), "info", {}))
    now, before = (limit(value.get(key)) for key in ("current_limit", "old_limit"))
    reached = limit(value.get("max_daily_conversations_per_business")) or now
    told = f" {LIMIT}: {reached}{f' (before: {before})' if before else ''}." if reached else ""
    return of_number(
        value, words + told, severity, {**health, **({"limit": reached} if reached else {})}
    )


def limit(told: Any) -> str:
    """How many people may be written to in a day, outside of their windows: Meta writes a number or
    a word.
    """
    if type(told) is int:
        return f"{told:,}" if told >= 0 else "unlimited"
    return TIERS.get(text(told), text(told))


def name(value: Json) -> Json:
    decision, wanted, reason = (
        text(value.get(key)) for key in ("decision", "requested_verified_name", "rejection_reason")
    )
    words, severity, status = NAMES.get(
        decision, (other("display name {name}", decision), "info", decision)
    )
    health = {"name_status": status} if status else {}
    if status == "approved" and wanted:
        health["name"] = wanted
    because = f" Reason: {reason}." if reason and reason != "NONE" else ""
    return of_number(
        value, words.replace("{name}", wanted).replace("  ", " ") + because, severity, health
    )


def username(value: Json) -> Json:
    status, wanted = text(value.get("status")), text(value.get("username"))
    words, told = USERNAMES.get(status.lower(), (other("username {name}", status), ""))
    health = {"username": told.replace("{name}", wanted)} if status.lower() in USERNAMES else {}
    return of_number(value, words.replace("{name}", wanted).replace("  ", " "), "info", health)


def security(value: Json) -> Json:
    event = text(value.get("event"))
    words, severity = PINS.get(event, (other("security", event), "warning"))
    return of_number(value, words, severity, {})


def of_number(value: Json, summary: str, severity: str, health: dict[str, str]) -> Json:
    number = digits(value.get("display_phone_number"))
    return {"summary": summary, "severity": severity, "health": health, "number": number}


def other(subject: str, word: str) -> str:
    """Of a word that Meta invented later, or left out."""
    return (
        f"Meta reports of the number's {subject}: {word}."
        if word
        else f"Meta reports a change of the number's {subject}."
    )
