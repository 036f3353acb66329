"""Filters of the list of channels."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_app.lifecycle import health_check
from tenants.admin.filters import WordFilter

IS_CHECKED = Q(health__has_key=health_check.CHECK)
IS_RIGHT = Q(health__check__value__in=health_check.NOTHING_FOUND)

IS_OURS_ALONE = Q(shared_at=None)


class CheckFilter(WordFilter):
    title = _("last check")
    parameter_name = "check"
    words: ClassVar = {
        "wrong": (_("Something is to be repaired"), IS_CHECKED & ~IS_RIGHT),
        "right": (_("Everything is right"), IS_RIGHT),
        "none": (_("Not checked yet"), ~IS_CHECKED),
    }


class SharedFilter(WordFilter):
    title = _("other responders")
    parameter_name = "shared"
    words: ClassVar = {
        "yes": (_("Others answer on it, too"), ~IS_OURS_ALONE),
        "no": (_("None is known"), IS_OURS_ALONE),
    }
