"""Rotate encryption keys: seal every secret anew that is sealed under another key than the first of
ENCRYPTION_KEYS, beside the traffic.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings

from tenants.encryption import VERSION, CannotOpen
from tenants.models.sealed import Sealed
from tenants.scope import operator_scope

AT_ONCE = 100


def rotate() -> Iterator[Counter[str]]:
    """Yield, after each portion, what was done so far: `resealed`, `changed` by somebody meanwhile,
    `unopened` (its key is missing).

    Safe to interrupt and to repeat: a row is replaced only where it is still what was read.
    """
    done: Counter[str] = Counter(resealed=0, changed=0, unopened=0)
    for model in sealed_models():
        for portion in portions(model):
            done.update(portion)
            yield done
    yield done


def sealed_under_older_keys() -> int:
    """Return how many secrets `rotate` would find."""
    with operator_scope():
        return sum(older_of(model).count() for model in sealed_models())


def sealed_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, Sealed)]


def older_of(model: Any) -> Any:
    """Return the rows that are sealed under another key than the first. Within operator_scope."""
    newest = next(iter(settings.ENCRYPTION_KEYS))
    return model.objects.exclude(credentials="").exclude(
        credentials__startswith=f"{VERSION}.{newest}."
    )


def portions(model: Any) -> Iterator[Counter[str]]:
    after = None
    while True:
        with operator_scope():
            older = older_of(model)
            rows = list((older.filter(id__gt=after) if after else older).order_by("id")[:AT_ONCE])
            done = Counter(reseal(row) for row in rows)
        if not rows:
            return
        after = rows[-1].id
        yield done


def reseal(row: Any) -> str:
    before = row.credentials
    try:
        row.seal(**row.secrets())
    except CannotOpen:
        return "unopened"
    is_ours = (
        type(row).objects.filter(id=row.id, credentials=before).update(credentials=row.credentials)
    )
    return "resealed" if is_ours else "changed"
