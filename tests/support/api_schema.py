"""The API as its own description tells it: every operation, with a body for each field that names
something.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

Json = dict[str, Any]


@cache
def description() -> Json:
    return SchemaGenerator().get_schema(request=None, public=True)


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str  # below /api/v1/, with {id} for what is named
    told: Any

    @property
    def parameters(self) -> list[Json]:
        return [each for each in self.told.get("parameters", []) if each["in"] == "query"]

    @property
    def body(self) -> Json | None:
        content = self.told.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    @property
    def resource(self) -> str:
        return self.path.partition("/")[0]

    @property
    def is_platforms(self) -> bool:
        return self.resource in ("platform", "tenants")


def operations() -> list[Operation]:
    return [
        Operation(told["operationId"], method.upper(), path.removeprefix("/api/v1/"), told)
        for path, methods in description()["paths"].items()
        for method, told in methods.items()
        if isinstance(told, dict) and "operationId" in told
    ]


def resolved(schema: Json) -> Json:
    if "$ref" in schema:
        return description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def sample(schema: Json) -> Any:
    """The smallest value of a schema."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return sample(schema["oneOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            needed = schema.get("required", [])
            return {name: sample(schema["properties"][name]) for name in needed}
        case "array":
            return []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    if schema.get("format") == "date-time":
        return "2040-01-01T00:00:00Z"
    return "x"


def bodies_naming(schema: Json, foreign: Any) -> Iterator[Json]:
    """A body for each of its fields that is an id, with a foreign id there."""
    schema = resolved(schema)
    for name, each in schema.get("properties", {}).items():
        if each.get("format") == "uuid":
            yield {**sample(schema), name: foreign(name)}
