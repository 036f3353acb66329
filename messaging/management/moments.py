"""Times as an operator types them."""

from argparse import ArgumentTypeError
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

REFUSAL = (
    "“{text}” is no time. Write one as 2026-11-30T08:15+01:00, or as “2026-11-30 08:15”, which is"
    " {zone}."
)


def moment(text: str) -> datetime:
    """Return the time; without an offset, in the server's zone. For `type` of an argument."""
    try:
        found = parse_datetime(text.strip())
    except ValueError:  # a date or hour that does not exist
        found = None
    if found is None:
        zone = timezone.get_default_timezone_name()
        raise ArgumentTypeError(REFUSAL.format(text=text, zone=zone))
    return found if timezone.is_aware(found) else timezone.make_aware(found)
