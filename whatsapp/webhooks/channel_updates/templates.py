"""What Meta tells of an account's message templates: status, quality, category, components.
Pure.
"""

from typing import Any

from channels_app.events import TemplateChange
from channels_app.events.channels import storable_template
from channels_app.storable import Unstorable
from whatsapp.json_values import Json, digits_or_text, inner, objects, text
from whatsapp.template_statuses import category_of, quality_of, status_of


def status(value: Json) -> Json:
    event, told = text(value.get("event")), text(value.get("reason"))
    reason = "" if told == "NONE" else told
    new = status_of(event)
    values = {}
    if new.word:
        values["status"] = new.word
        values["rejected_reason"] = reason if new.word == "rejected" else ""
    if category := text(value.get("message_template_category")):
        values["category"] = category_of(category)
    sentences = [
        f"The template {named(value)} {new.report}",
        f"Reason: {reason}." if reason else "",
        *details(value),
    ]
    return {
        "summary": " ".join(filter(None, sentences)),
        "severity": new.severity,
        "template": change(value, values),
    }


def details(value: Json) -> list[str]:
    """What Meta explains in its own sentences."""
    rejection = inner(value, "rejection_info")
    told = (
        rejection.get("reason"),
        rejection.get("recommendation"),
        inner(value, "other_info").get("description"),
    )
    return [text(each) for each in told]


def quality(value: Json) -> Json:
    before, after = text(value.get("previous_quality_score")), text(value.get("new_quality_score"))
    new, severity = quality_of(after)
    old, _ = quality_of(before)
    words = f"is now {new}{f' (it was {old})' if old else ''}." if new else "was changed."
    values = {"quality": new} if new else {}
    return {
        "summary": f"The quality of the template {named(value)} {words}",
        "severity": severity,
        "template": change(value, values),
    }


def category(value: Json) -> Json:
    """Done, or a day ahead: then `new_category` is still the present one."""
    previous, new, correct = (
        category_of(text(value.get(key)))
        for key in ("previous_category", "new_category", "correct_category")
    )
    subject = f"The category of the template {named(value)}"
    if correct:
        return {
            "summary": f"{subject} becomes {correct} within a day: its price changes with it.",
            "severity": "warning",
        }
    if not new:
        return {"summary": f"{subject} was changed.", "severity": "warning"}
    words = f"is now {new}{f' (it was {previous})' if previous else ''}: its price is another."
    return {
        "summary": f"{subject} {words}",
        "severity": "warning",
        "template": change(value, {"category": new}),
    }


def components(value: Json) -> Json:
    return {
        "summary": f"The text of the template {named(value)} was changed.",
        "template": change(value, {"components": parts(value)}),
    }


def parts(value: Json) -> list[Json]:
    """The components as Meta's list of templates writes them; a header that is no text is not
    told.
    """
    keys = {
        "HEADER": "message_template_title",
        "BODY": "message_template_element",
        "FOOTER": "message_template_footer",
    }
    found: list[Json] = [
        {"type": kind, "text": value[key]} for kind, key in keys.items() if text(value.get(key))
    ]
    for part in found:
        if part["type"] == "HEADER":
            part["format"] = "TEXT"
    if buttons := [button(each) for each in objects(value, "message_template_buttons")]:
        found.append({"type": "BUTTONS", "buttons": buttons})
    return found


def button(told: Json) -> Json:
    prefix = "message_template_button_"
    return {key.removeprefix(prefix): each for key, each in told.items()}


def named(value: Json) -> str:
    name, language = (
        text(value.get("message_template_name")),
        text(value.get("message_template_language")),
    )
    return f"{name or 'without a name'}{f' ({language})' if language else ''}"


def change(value: Json, values: dict[str, Any]) -> TemplateChange | None:
    """None where nothing is told of it, or not of which template."""
    if not values:
        return None
    try:
        return storable_template(
            TemplateChange(
                external_id=digits_or_text(value.get("message_template_id")),
                name=text(value.get("message_template_name")),
                language=text(value.get("message_template_language")),
                values=values,
            )
        )
    except Unstorable:
        return None
