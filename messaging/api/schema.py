"""The description of a message's content for OpenAPI: one schema for each kind, told apart by a
field.
"""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.types import OpenApiTypes

from messaging.api.content import KINDS

Direction = Literal["request", "response"]


class OneOf(OpenApiSerializerFieldExtension):
    """The field's options, each a component, and the field that tells which one it is."""

    target_class = "messaging.api.dataclass_fields.TaggedField"
    tag = "type"

    def options(self) -> Any:
        return self.target.options

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schemas = {
            word: auto_schema.resolve_serializer(option, direction).ref
            for word, option in self.options().items()
        }
        distinct = list({schema["$ref"]: schema for schema in schemas.values()}.values())
        mapping = {word: schema["$ref"] for word, schema in schemas.items()}
        return {"oneOf": distinct, "discriminator": {"propertyName": self.tag, "mapping": mapping}}


class OfContent(OneOf):
    target_class = "messaging.api.content.ContentField"
    tag = "kind"

    def options(self) -> Any:
        return KINDS


class TextOrObject(OpenApiSerializerFieldExtension):
    target_class = "messaging.api.dataclass_fields.TextOrField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        option = auto_schema.resolve_serializer(self.target.option, direction).ref
        return {"oneOf": [build_basic_type(OpenApiTypes.STR), option]}
