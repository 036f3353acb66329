"""When a message is sent again: with backoff and jitter where the provider did not take it, by the
tenant's policy where its outcome is unknown.
"""

import random
from datetime import timedelta

from channels_app.providers import SendError

LONGEST_WAIT = timedelta(hours=24)
BACK_OFF = [timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600)]
JITTER = 0.2  # of a wait, on top of it: what was refused together does not come back together
# A message of unknown outcome that is older is sent again only by hand.
RESENT_WITHIN = timedelta(days=1)


def waiting_time(error: SendError, attempts: int) -> timedelta:
    """Return the time before the next try: what the provider asks for, or our ladder, with jitter
    on top.
    """
    if error.retry_in is None:
        wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    else:
        wait = min(error.retry_in * error.growth ** min(attempts - 1, 10), LONGEST_WAIT)
    return wait * (1 + random.uniform(0, JITTER))
