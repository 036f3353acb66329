"""A list as a file for a spreadsheet: the columns of the page as plain words, and no cell that a
spreadsheet would take for a formula.

The file is made whole before it is sent: a request's transaction ends with its response
(tenants/web/middleware.py), and MOST rows of a file are some megabytes. The rows of the database
are read by their ids, a portion at a time.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from html import unescape
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Field, Model
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from tenants.admin.lists.changelist import CursorChangeList

Saved = Callable[[list[Any]], None]

MOST = 50_000
PORTION = 1000  # rows that are in memory at a time
MESSAGE_TEXT = frozenset({"beginning", "text", "preview", "raw"})  # personal: never in a file
STARTS_FORMULA = "=+-@\u2212"  # the last is the minus sign
NO_VALUE = "-"
MOMENT = re.compile(r'^<time datetime="([^"]+)"')


def csv_of(listed: CursorChangeList, columns: Iterable[str], saved: Saved) -> HttpResponse:
    """Return the file of these columns of a list, of the first MOST rows. Where there are more, its
    last line says so. `saved`: is told the rows of the file, a portion at a time.
    """
    page: ModelAdmin = listed.model_admin
    shown = [column for column in columns if column not in MESSAGE_TEXT]
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(
        harmless(capfirst(str(label_for_field(column, page.model, page)))) for column in shown
    )
    ids = list(listed.queryset.values_list("pk", flat=True)[: MOST + 1])
    for portion in portions(listed, ids[:MOST]):
        writer.writerows([map(harmless, cells(page, shown, row)) for row in portion])
        saved(portion)
    if len(ids) > MOST:
        writer.writerow([cut_off()])
    name = f"{slugify(str(page.opts.verbose_name_plural))}-{timezone.localdate():%Y-%m-%d}.csv"
    return HttpResponse(
        file.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Cache-Control": "no-store",
        },
    )


def portions(listed: CursorChangeList, ids: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the rows with these ids, without the texts that are in no file."""
    texts = MESSAGE_TEXT & {field.name for field in listed.model._meta.concrete_fields}
    for first in range(0, len(ids), PORTION):
        yield listed.rows_of(ids[first : first + PORTION], without=texts)


def cut_off() -> str:
    said = _("Only the first %(most)d rows are in this file. Filter the list to get the others.")
    return said % {"most": MOST}


def cells(page: ModelAdmin, columns: Iterable[str], row: Model) -> Iterator[str]:
    for column in columns:
        try:
            field, _attribute, value = lookup_field(column, row, page)
        except ObjectDoesNotExist:
            yield ""
        else:
            yield words_of(value, field)


def words_of(value: Any, field: Field | None = None) -> str:
    """Return what the list shows, without its markup. Times are in the reader's zone."""
    choices = dict(getattr(field, "flatchoices", None) or [])
    if value is None or value == NO_VALUE:
        return ""
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, SafeString):
        if moment := MOMENT.search(value):
            return words_of(datetime.fromisoformat(moment[1]))
        return " ".join(unescape(strip_tags(value)).split())
    return str(value)


def harmless(cell: str) -> str:
    """Return the cell with an apostrophe before it if a spreadsheet could take it for a formula,
    blanks and full-width signs before it or not.
    """
    begins_with_control = cell[:1] and unicodedata.category(cell[0]) == "Cc"
    shown = (each for each in unicodedata.normalize("NFKC", cell) if not is_blank(each))
    return f"'{cell}" if begins_with_control or next(shown, " ") in STARTS_FORMULA else cell


def is_blank(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "ZC"
