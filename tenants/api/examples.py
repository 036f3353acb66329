"""Examples of the API's description: one for each body and answer, made from their schemas."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

ID = "01936d5c-8a50-7cc1-9d3f-2f6a0c1b7e42"
AT = "2026-11-28T09:30:00Z"
WORDS: dict[str, Any] = {
    "account_id": "300000000000001",
    "answer": '{"ok": true}',
    "attributes": {"plan": "pro"},
    "auto_reply": "Thank you, we will answer soon.",
    "category": "utility",
    "components": [{"type": "BODY", "text": "Hello {{1}}"}],
    "data": {"message_id": ID, "conversation_id": ID, "channel_id": ID, "status": "delivered"},
    "description": "The shop",
    "detail": "The text is empty.",
    "duration_ms": 48,
    "error": "",
    "error_code": "",
    "external_id": "400000000000001",
    "filename": "offer.pdf",
    "health": {"sending": {"value": "possible", "at": AT}},
    "http_status": 200,
    "kind": "text",
    "key": "msk_...",
    "language": "en",
    "merged_into": None,
    "messages_per_second": 80,
    "mime_type": "application/pdf",
    "name": "Ada",
    "next": None,
    "number": 1,
    "outcome": "accepted",
    "parameter_format": "POSITIONAL",
    "phone_number": "15550783881",
    "pointer": "/content/body",
    "provider_data": None,
    "prefix": "msk_Zk3P9q",
    "quality": "high",
    "reply_to": None,
    "secret": "whsec_...",
    "size": 48213,
    "slug": "acme",
    "status_reason": "",
    "target": None,
    "text": "Hello Ada",
    "thread_role": "",
    "told": "The contact's message came to us.",
    "url": "https://shop.example/webhooks",
    "value": "4915112345678",
    "writing": "The thread is ours: what is written is sent.",
}


def with_examples(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """Give each body and each good answer an example, unless its view has one; a hook of
    drf-spectacular.
    """
    components = result.get("components", {}).get("schemas", {})
    for content in contents_of(result):
        if "example" not in content and "examples" not in content:
            content["example"] = example(content["schema"], components)
    return result


def contents_of(result: Json) -> Iterator[Json]:
    for methods in result["paths"].values():
        for operation in methods.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                yield from body.get("content", {}).values()


def example(schema: Json, components: Json, name: str = "") -> Any:
    """Return an example of a schema, of a property of this name."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rpartition("/")[2]], components, name)
    if inner := schema.get("oneOf") or schema.get("allOf"):
        return example(inner[0], components, name)
    if "enum" in schema:
        return WORDS[name] if WORDS.get(name) in schema["enum"] else schema["enum"][0]
    if name in WORDS:
        return WORDS[name]
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        members = schema.get("properties", {})
        return {key: example(each, components, key) for key, each in members.items()}
    if kind == "array":
        return [example(schema["items"], components)]
    if kind == "string":
        return {"uuid": ID, "date-time": AT}.get(schema.get("format", ""), "")
    return {"integer": 1, "number": 1.5, "boolean": True}.get(kind)
