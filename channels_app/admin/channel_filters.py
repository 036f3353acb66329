"""Filters of the list of channels."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels_app import providers
from channels_app.lifecycle import health_check
from channels_app.models import Channel
from tenants.admin.filters import KindFilter, WordFilter

IS_CHECKED = Q(health__has_key=health_check.CHECK)
IS_RIGHT = Q(health__check__value__in=health_check.NOTHING_FOUND)

# as messaging/sql/monitoring/problems.sql has it
IS_LIVE = Q(status=Channel.Status.LIVE, is_test=False)
IS_PARKED = Q(status__in=Channel.PARKED, is_test=False)
ENDS_SOON = Q(token_expires_at__lt=Now() + timedelta(days=13))

IS_OURS_ALONE = Q(shared_at=None)


class ProviderFilter(KindFilter):
    def kinds(self) -> Iterable[str]:
        return providers.kinds()


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


class RepairFilter(WordFilter):
    """What `manage.py status` tells of channels. A test channel needs no repair."""

    title = _("to repair")
    parameter_name = "repair"
    words: ClassVar = {
        "parked": (_("It sends nothing"), IS_PARKED),
        "check": (_("Its last check found a fault"), IS_LIVE & IS_CHECKED & ~IS_RIGHT),
        "token": (_("Its permission ends soon"), IS_LIVE & ENDS_SOON & (~IS_CHECKED | IS_RIGHT)),
    }
