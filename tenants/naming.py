"""What rows, fields and kinds of channels are called where people read of them."""

from collections.abc import Iterable
from datetime import datetime

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy


def moment(at: datetime) -> str:
    """Return the moment in the reader's language and zone: "2 Nov 2026, 10:31"."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def kind_of_channel(kind: str) -> str:
    """Return what people call the provider: "WhatsApp"."""
    app = apps.app_configs.get(kind)
    return str(app.verbose_name) if app else kind


def loaded(row: Model, *names: str) -> list[str]:
    """Return what the related rows of these fields are called, without those that are not loaded:
    a name costs no query.
    """
    fields = (row._meta.get_field(name) for name in names)
    related = (getattr(row, each.name) for each in fields if each.is_cached(row))  # type: ignore[union-attr]
    return [str(each) for each in related if each]


def make_translatable(models: Iterable[type[Model]]) -> None:
    """Let the names of models and fields be translated, those too that Django makes of the words in
    the code. Migrations do not hold these.
    """
    for model in models:
        options = model._meta
        options.verbose_name = gettext_lazy(str(options.verbose_name))
        options.verbose_name_plural = gettext_lazy(str(options.verbose_name_plural))
        for field in options.local_fields:
            field.verbose_name = gettext_lazy(str(field.verbose_name))
