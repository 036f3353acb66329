"""How long somebody stays signed in."""

from datetime import timedelta

import requests
import time_machine
from django.utils import timezone


def is_in_after(session: requests.Session, address: str, *pauses: timedelta) -> bool:
    """Whether the last of these requests, one after each pause, is answered with the page."""
    now, page = timezone.now(), None
    for pause in pauses:
        now += pause
        with time_machine.travel(now, tick=True):
            page = session.get(address, timeout=10)
    return page.url == address
