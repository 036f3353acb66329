"""What Meta tells of a business beside its account's standing: alerts, reviews, limits, Flows,
payments. Pure.
"""

from typing import Any

from whatsapp.json_values import Json, digits_or_text, inner, text
from whatsapp.webhooks.channel_updates.numbers import LIMIT, limit
from whatsapp.wording import in_brackets, reported

SEVERITIES = {"CRITICAL": "critical", "WARNING": "warning"}


def alert(value: Json) -> Json:
    """The alert is an object of its own; older ones are flat. A number is named by its id."""
    told = inner(value, "alert_info") or value
    kind, status, description = (
        text(told.get(f"alert_{key}")) for key in ("type", "status", "description")
    )
    of_number = text(value.get("entity_type")) == "PHONE_NUMBER"
    return {
        "summary": (
            "Meta alerts:"
            f" {description or kind or 'without a description.'}{in_brackets(kind, status)}"
        ),
        "severity": SEVERITIES.get(text(told.get("alert_severity")), "info"),
        "channel_external_id": text(digits_or_text(value.get("entity_id"))) if of_number else "",
    }


REVIEWS = {
    "APPROVED": ("approved", "info"),
    "REJECTED": ("rejected", "critical"),
    "PENDING": ("pending", "info"),
}


def review(value: Json) -> Json:
    decision = text(value.get("decision"))
    word, severity = REVIEWS.get(decision, (decision, "info"))
    return {
        "summary": f"Meta has reviewed the business account{': ' if word else ''}{word}.",
        "severity": severity,
        "health": {"review": word} if word else {},
    }


def capability(value: Json) -> Json:
    reached = limit(value.get("max_daily_conversations_per_business"))
    numbers = value.get("max_phone_numbers_per_waba", value.get("max_phone_numbers_per_business"))
    words = [
        f" {LIMIT}: {reached}." if reached else "",
        f" Numbers it may have: {numbers}." if type(numbers) is int else "",
    ]
    return {
        "summary": f"Meta has set what the business may do.{''.join(words)}",
        "health": {"limit": reached} if reached else {},
    }


def flow(value: Json) -> Json:
    new = text(value.get("new_status"))
    words = [text(value.get(key)) for key in ("event", "old_status", "new_status", "message")]
    severity = "warning" if new in {"BLOCKED", "THROTTLED"} else "info"
    return {
        "summary": reported("the Flow", name_of(value.get("flow_id")), *words),
        "severity": severity,
    }


def solution(value: Json) -> Json:
    words = [text(value.get(key)) for key in ("event", "solution_status")]
    return {"summary": reported("the partner solution", name_of(value.get("solution_id")), *words)}


def payment(value: Json) -> Json:
    words = [text(value.get(key)) for key in ("configuration_name", "provider_name", "status")]
    return {"summary": reported("the payment configuration", *words)}


def settings(value: Json) -> Json:
    return {"summary": reported("the account's settings", text(value.get("event")))}


def name_of(told: Any) -> str:
    return text(digits_or_text(told))
