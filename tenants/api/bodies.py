"""Bodies of requests: JSON that the database can store, of a bounded depth."""

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
UNKNOWN = "There is no such field."
DEPTH = 32  # of objects and arrays within each other
NOT_JSON = "The body is not JSON: {}"
NOT_UTF8 = "The body is not UTF-8."
UNSTORABLE = (
    "The body holds a character that cannot be stored: NUL, or half of a pair of surrogates."
)


class StrictJSON(BaseParser):
    """Parse JSON. Raises ParseError for what is no JSON, nests too deeply, or holds a character or
    a number that no column takes.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            body = json.loads(stream.read().decode("utf-8"), parse_constant=no_number)
        except UnicodeDecodeError:
            raise ParseError(NOT_UTF8) from None
        except RecursionError:
            raise ParseError(too_deep()) from None
        except ValueError as error:
            raise ParseError(NOT_JSON.format(error)) from None
        check(body, DEPTH)
        return body


def no_number(word: str) -> float:
    raise ValueError(f"{word} is no number.")


def too_deep() -> str:
    return f"The body nests more than {DEPTH} objects and arrays within each other."


def check(value: Any, levels: int) -> None:
    """Raise ParseError for what cannot be stored, anywhere in the value."""
    if isinstance(value, str):
        if UNWRITABLE.search(value):
            raise ParseError(UNSTORABLE)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParseError("The body holds a number that is too large.")
    elif isinstance(value, dict | list):
        if levels == 0:
            raise ParseError(too_deep())
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            check(inner, levels - 1)


class StrictSerializer(serializers.Serializer):
    """A serializer that refuses unknown fields: a misspelt one is not ignored in silence."""

    def to_internal_value(self, data: Any) -> Any:
        given = data if isinstance(data, Mapping) else {}
        if unknown := [name for name in given if name not in self.fields]:
            raise serializers.ValidationError({name: [UNKNOWN] for name in unknown})
        return super().to_internal_value(data)
