"""The OpenAPI description of the API, generated from the views (drf-spectacular)."""

from inspect import getdoc
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import (
    ResolvedComponent,
    build_array_type,
    build_basic_type,
    build_object_type,
)
from drf_spectacular.types import OpenApiTypes

from tenants.api.bodies import StrictSerializer
from tenants.api.problems import MEDIA_TYPE

COMPONENTS = ResolvedComponent.SCHEMA
TEXT, NUMBER = build_basic_type(OpenApiTypes.STR), build_basic_type(OpenApiTypes.INT)
FAULT = build_object_type(
    properties={"pointer": TEXT, "parameter": TEXT, "detail": TEXT}, required=["detail"]
)
PROBLEM = build_object_type(
    description="A fault (RFC 9457). `code` is for programs, `detail` a sentence for people.",
    properties={
        "type": TEXT,
        "title": TEXT,
        "status": NUMBER,
        "detail": TEXT,
        "code": TEXT,
        "errors": build_array_type(FAULT),
        "request_id": TEXT,
    },
    required=["type", "title", "status", "detail", "code", "errors", "request_id"],
)
FAULTS = {
    "400": "A parameter or header is wrong, or the body is no JSON.",
    "401": "There is no key, or it is not known, expired or revoked.",
    "403": "The key lacks a scope, or its business is suspended.",
    "404": "It is not there, or not yours.",
    "409": "The state of the conversation, contact or channel forbids it.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "The body is not valid; `errors` says where.",
    "429": "The key's rate limit is reached; Retry-After says for how long.",
    "503": "Nothing was done; Retry-After says when to send it again.",
}
NOT_MODIFIED = "The answer's ETag is the one that If-None-Match names: nothing is sent."
PREFIX = "/api/v1/"
OPEN = (f"{PREFIX}schema", f"{PREFIX}docs", PREFIX)
OF_BODIES, OF_CHANGES = ("413", "415", "422"), ("409",)


class Key(OpenApiAuthenticationExtension):
    target_class = "tenants.api.authentication.BearerKey"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A key of the API."}


class Description(AutoSchema):
    """Describe a view: its scope, its page, and every fault that it may answer."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix(PREFIX).partition("/")[0]]

    def get_description(self) -> str:  # type: ignore[override]
        told = getdoc(self.method_of_view()) or ""
        scope = getattr(self.view, "scopes", {}).get(self.method)
        return "\n\n".join(filter(None, [told, scope and f"Needs the scope `{scope}`."]))

    def get_override_parameters(self) -> list[Any]:
        return [self.view.filters] if self.is_page() else []  # type: ignore[attr-defined]

    def method_of_view(self) -> Any:
        return getattr(self.view, self.method.lower(), None)

    def is_page(self) -> bool:
        return self.method == "GET" and hasattr(self.view, "filters")

    def get_summary(self) -> str:
        """Return the first sentence of what the operation does."""
        told = getdoc(self.method_of_view()) or ""
        return " ".join(told.partition(".")[0].partition(":")[0].split())

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def _get_response_for_code(self, serializer: Any, *args: Any, **kwargs: Any) -> Any:
        response = super()._get_response_for_code(serializer, *args, **kwargs)
        if self.is_page() and "content" in response:
            for content in response["content"].values():
                content["schema"] = page_of(content["schema"])
        return response

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            component = ResolvedComponent(
                name="Problem", type=COMPONENTS, schema=PROBLEM, object="Problem"
            )
            self.registry.register_on_missing(component)
            has_body = "requestBody" in operation
            left_out = {
                *(() if has_body else OF_BODIES),
                *(OF_CHANGES if self.method == "GET" else ()),
            }
            faults = {code: told for code, told in FAULTS.items() if code not in left_out}
            if self.method == "GET":
                operation["responses"].setdefault("304", {"description": NOT_MODIFIED})
            for code, told in faults.items():
                content = {MEDIA_TYPE: {"schema": component.ref}}
                operation["responses"].setdefault(code, {"description": told, "content": content})
        return operation


def page_of(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a page of these items."""
    following = {"type": ["string", "null"], "description": "`after` of the next page."}
    return build_object_type(
        properties={"items": build_array_type(item), "next": following}, required=["items", "next"]
    )


def of_the_api_alone(endpoints: list[Any]) -> list[Any]:
    """Leave out everything that is not below /api/v1/, and the description itself."""
    return [each for each in endpoints if each[0].startswith(PREFIX) and each[0] not in OPEN]
