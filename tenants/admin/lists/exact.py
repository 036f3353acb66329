"""A search for whole words: each field is compared with what was typed as it is, by its index."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import ValidationError
from django.db.models import Model, Q

from tenants.admin.lists.tenant_filter import tenant_called
from tenants.models import Tenant

WHOLE = "__exact"
OF_TENANT = f"tenant__slug{WHOLE}"


def are_whole(search_fields: Sequence[str]) -> bool:
    """Return whether all that a list is searched for are whole words."""
    return all(field.endswith(WHOLE) for field in search_fields)


def tenant_in(search_fields: Sequence[str], words: str) -> Tenant | None:
    """Return the tenant whose short name the words are, where the list is searched for it."""
    return tenant_called(words) if OF_TENANT in search_fields else None


def meaning_of(model: type[Model], search_fields: Sequence[str], words: str) -> Q:
    """Return which rows the words mean: a tenant's, where they are its short name and the list is
    searched for it; else those that have them in a field.
    """
    if tenant := tenant_in(search_fields, words):
        return Q(tenant=tenant)
    paths = [field.removesuffix(WHOLE) for field in search_fields if field != OF_TENANT]
    return Q(*meanings(model, paths, words), _connector=Q.OR) or Q(pk__in=[])


def meanings(model: type[Model], paths: Sequence[str], words: str) -> Iterator[tuple[str, Any]]:
    """Yield each field that can have these words, with the value that they are there."""
    for path in paths:
        try:
            yield path, get_fields_from_path(model, path)[-1].to_python(words)
        except ValidationError:
            continue
