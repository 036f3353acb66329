"""What may be set of a strategy, as its form tells it."""

from collections.abc import Iterator
from typing import Any

from django import forms

from messaging.replies.choosing import SettingsEncoder, secret_settings
from messaging.replies.strategy import Choosable

# the first that a field is an instance of; any other is a text
KINDS: dict[type[forms.Field], str] = {
    forms.MultipleChoiceField: "choices",
    forms.ChoiceField: "choice",
    forms.BooleanField: "boolean",
    forms.FloatField: "number",
    forms.DecimalField: "number",
    forms.IntegerField: "integer",
    forms.DateTimeField: "datetime",
    forms.DateField: "date",
    forms.TimeField: "time",
    forms.URLField: "url",
    forms.EmailField: "email",
}
TEXT = "text"
JSON = SettingsEncoder()


def described(strategy: type[Choosable]) -> Iterator[dict[str, Any]]:
    """Yield each setting of a strategy, in the types of JSON."""
    secret = secret_settings(strategy)
    for name, field in strategy.form.base_fields.items():
        yield {
            "name": name,
            "kind": kind_of(field),
            "label": str(field.label or name),
            "help": str(field.help_text),
            "required": field.required,
            "default": None if name in secret else in_json(field.initial),
            "choices": choices_of(field),
            "minimum": getattr(field, "min_value", None),
            "maximum": getattr(field, "max_value", None),
            "max_length": getattr(field, "max_length", None),
            "secret": name in secret,
        }


def kind_of(field: forms.Field) -> str:
    # FloatField and DecimalField are IntegerFields, so the order of KINDS matters
    return next((kind for of, kind in KINDS.items() if isinstance(field, of)), TEXT)


def choices_of(field: forms.Field) -> list[dict[str, str]]:
    choices = field.widget.choices if isinstance(field.widget, forms.Select) else ()
    return [{"value": str(value), "label": str(label)} for value, label in choices]


def in_json(value: Any) -> Any:
    """Return a default in the types of JSON."""
    is_json = value is None or isinstance(value, bool | int | float | str | list)
    return value if is_json else JSON.default(value)
