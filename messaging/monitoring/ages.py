"""Ages as people read them, the same in `status` and on the back-office's home page."""

from datetime import timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import ngettext

A_MINUTE = 60


def age(seconds: float) -> str:
    """Return how long that is, in at most two units: "4 seconds", "1 minute", "2 hours, 5 minutes",
    "3 days, 4 hours", "1 year, 2 months".
    """
    if seconds < A_MINUTE:
        whole = max(0, int(seconds))
        return ngettext("%(number)d second", "%(number)d seconds", whole) % {"number": whole}
    now = timezone.now()
    return timesince(now - timedelta(seconds=seconds), now)
