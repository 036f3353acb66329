"""Moments as operators type them."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime


def moment(text: str) -> datetime:
    """Return the moment that an ISO 8601 text names, in our time zone where it names none. Raises
    ValueError.
    """
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found if timezone.is_aware(found) else timezone.make_aware(found)
