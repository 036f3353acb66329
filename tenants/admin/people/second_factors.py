"""Resetting somebody else's second factor, on the list of staff. Only a superuser resets that of a
colleague: whoever knows the colleague's password would have their rights.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.admin.base import PlatformAdmin
from tenants.admin.confirming import Question, order
from tenants.second_factor import factors


@order(
    _("Reset the second factor"),
    permission="change",
    done=_("without a second factor now, and signed out"),
    otherwise=_(
        "Nobody resets their own, and only superusers that of a colleague; who has none keeps none."
    ),
    noun=(_("account"), _("accounts")),
    asks=Question(
        _("Reset the second factor?"),
        _(
            "Make sure that it is really this person who asks: until they have set up a new one,"
            " their password alone lets them in, and whoever else knows it. They are signed out"
            " everywhere."
        ),
    ),
)
def reset_second_factor(
    model_admin: PlatformAdmin, request: HttpRequest, queryset: QuerySet[Any]
) -> Collection[Any]:
    others = queryset.exclude(pk=request.user.pk)
    if not request.user.is_superuser:
        others = others.filter(is_staff=False, is_superuser=False)
    return factors.reset(others)
