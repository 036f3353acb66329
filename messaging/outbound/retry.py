"""How long a message that the provider did not take waits before it is sent again: backoff with
jitter.
"""

import random
from datetime import timedelta

from channels_app.providers import SendError

LONGEST_WAIT = timedelta(hours=24)
BACK_OFF = [timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600)]
JITTER = 0.2  # of a wait, on top of it: what was refused together does not come back together


def waiting_time(error: SendError, attempts: int) -> timedelta:
    """Return the time before the next try: what the provider asks for, or our ladder, with jitter
    on top.
    """
    if error.retry_in is None:
        wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    else:
        wait = min(error.retry_in * error.growth ** min(attempts - 1, 10), LONGEST_WAIT)
    return wait * (1 + random.uniform(0, JITTER))
