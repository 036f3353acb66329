"""Fields of JSON bodies: a text is a text, a number a number. What only looks like one is refused,
so that a mistake in a caller's program shows at once.
"""

import re
from typing import Any

from rest_framework import serializers

ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)


class TextField(serializers.CharField):
    """A text, as it is: blanks around it stay."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeField(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class NumberField(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        if not isinstance(data, int | float) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class ChoiceField(serializers.ChoiceField):
    """One of some words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            raise serializers.ValidationError(f"This must be one of {', '.join(self.choices)}.")
        return data


class IdField(serializers.UUIDField):
    """An id, as a text."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class MomentField(serializers.DateTimeField):
    """A moment, with its time zone."""

    default_error_messages = {"naive": "Write the moment with its time zone, such as Z."}

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, str) and not ZONE.search(value):
            self.fail("naive")
        return super().to_internal_value(value)
