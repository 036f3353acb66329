"""Cells of a list that name their columns: on a phone a row is a card, without a head above it."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

register = template.Library()


@register.filter
def labelled(row: list[SafeString], headers: list[dict[str, Any]]) -> Iterator[SafeString]:
    """Yield the cells of a row, each with its column's title as `data-label`. Both are as the tag
    `result_list` of the admin makes them; the box that chooses a row has no title to be read.
    """
    for cell, header in zip(row, headers, strict=True):
        is_box = "action-checkbox-column" in header["class_attrib"]
        title = "" if is_box else capfirst(header["text"])
        label = format_html(' data-label="{}"', title) if title else ""
        opening, end, content = cell.partition(">")
        yield SafeString(f"{opening}{label}{end}{content}")
