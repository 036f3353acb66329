"""Times in lists and pages: in the reader's zone, and as a distance where the moment was lately."""

from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tenants import naming

NOTHING = "-"
RECENT = timedelta(days=2)  # within it, people think in minutes and hours
A_MINUTE = timedelta(minutes=1)


def moment(at: datetime | None) -> SafeString | str:
    """Return the moment as a date with its time: "2 Nov 2026, 10:31"."""
    return element(at, naming.moment(at)) if at else NOTHING


def ago(at: datetime | None) -> SafeString | str:
    """Return how long ago, or in how long, the moment is: "3 minutes ago"; one that is further away
    as `moment` does.
    """
    if at is None or abs(timezone.now() - at) > RECENT:
        return moment(at)
    is_just_now = timedelta() <= timezone.now() - at < A_MINUTE
    return element(at, gettext("just now") if is_just_now else str(naturaltime(at)))


def element(at: datetime, words: str) -> SafeString:
    """Return the words, with the exact moment for who points at them and for programs."""
    local = timezone.localtime(at)
    exact = f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M:%S} {local.tzname()}"
    return format_html(
        '<time datetime="{}" title="{}" class="whole">{}</time>', at.isoformat(), exact, words
    )
