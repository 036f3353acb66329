"""The texts that pages show, as they stand in the code, and their German in locale/de."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.contrib import admin
from django.db.models import Model
from django.utils.translation import override
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parents[2]
GERMAN = PROJECT / "locale/de/LC_MESSAGES/django.po"
COMPILED = GERMAN.with_suffix(".mo")
SCRIPTS = PROJECT / "tenants/locale/de/LC_MESSAGES/djangojs.po"
# what Django's own pages say and Django has no German for
DJANGOS = (
    "Reset password",
    "Raw passwords are not stored, so there is no way to see the user’s password.",
)
APPS = ("config", "tenants", "channels_app", "messaging", "whatsapp")
CALLS = {
    name + ending: places
    for name, places in (
        ("gettext", None),
        ("ngettext", (1, 2)),
        ("pgettext", ((1, "c"), 2)),
        ("npgettext", ((1, "c"), 2, 3)),
    )
    for ending in ("", "_lazy")
} | {"_": None, "gettext_noop": None}
BEGUN = datetime(2026, 11, 30, tzinfo=UTC)  # a moment of each writing would change every time


def sources() -> Iterator[tuple[Path, bytes]]:
    """Every module and every template, the latter as Python that calls gettext."""
    for app in APPS:
        for path in sorted((PROJECT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_bytes()
    for path in sorted((PROJECT / "templates").rglob("*.html")):
        lines = templatize(path.read_text()).splitlines()
        yield path, "\n".join(line.lstrip() for line in lines).encode()


def shown_models() -> set[type[Model]]:
    """The models of ours that the back-office shows, beneath others too."""
    pages = admin.site._registry.values()
    inlines = {inline.model for page in pages for inline in page.inlines}
    shown = {page.model for page in pages} | inlines
    return {model for model in shown if hasattr(model._meta.app_config, "grants")}


def names() -> Iterator[tuple[Path, str]]:
    """What models and their fields are called (tenants/naming.py)."""
    for model in sorted(shown_models(), key=lambda each: each._meta.label):
        where = PROJECT / model.__module__.replace(".", "/")
        options = model._meta
        fields = [field.verbose_name for field in options.local_fields]
        for name in (options.verbose_name, options.verbose_name_plural, *fields):
            yield where.with_suffix(".py"), str(name)


def texts() -> Catalog:
    """A catalogue of all texts, without any translation."""
    found = Catalog(creation_date=BEGUN)
    for text in DJANGOS:
        found.add(text, locations=[("django", None)])
    with override(None):
        for path, name in names():
            found.add(name, locations=[(place_of(path), None)])
    for path, source in sources():
        for _line, text, _comments, context in extract("python", BytesIO(source), CALLS):
            found.add(text, locations=[(place_of(path), None)], context=context)
    return found


def place_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def german(file: Path = GERMAN) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale="de")


def compiled(catalogue: Catalog) -> bytes:
    into = BytesIO()
    write_mo(into, catalogue)
    return into.getvalue()


def write(catalogue: Catalog) -> None:
    """Write what people translate, and what Django reads."""
    into = BytesIO()
    write_po(into, catalogue, width=100, sort_output=True, ignore_obsolete=True)
    GERMAN.write_bytes(into.getvalue())
    COMPILED.write_bytes(compiled(catalogue))
    SCRIPTS.with_suffix(".mo").write_bytes(compiled(german(SCRIPTS)))
