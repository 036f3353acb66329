"""Take out of an item what it quotes of somebody who was erased. Pure."""

from collections.abc import Collection
from typing import Any

ERASED = "erased"  # stands where an item names an erased message or its writer
QUOTING = ("context", "reaction")

Quoted = Collection[tuple[str, str]]  # a number, and an id that its items name no more


def unquote(item: Any, ids: set[str]) -> Any:
    """Return the item with what it quotes of these ids taken out."""
    if isinstance(item, list):
        return [unquote(inner, ids) for inner in item]
    if isinstance(item, dict):
        return {
            key: blank(inner, ids) if key in QUOTING else unquote(inner, ids)
            for key, inner in item.items()
        }
    return item


def blank(item: Any, ids: set[str]) -> Any:
    if isinstance(item, list):
        return [blank(inner, ids) for inner in item]
    if isinstance(item, dict):
        return {key: blank(inner, ids) for key, inner in item.items()}
    return ERASED if isinstance(item, str) and item in ids else item
