"""The queue priority of a webhook, read from its bytes without parsing them: a hint for scheduling,
never authority.

Text that a person wrote cannot imitate a key: its quotation marks are escaped.
"""

import re

from channels_app.providers import Lane

FIELD = re.compile(rb'"field"\s*:\s*"(\w{1,64})"')
STATUSES = re.compile(rb'"statuses"\s*:')
MESSAGES = re.compile(rb'"messages"\s*:')
NUMBER = re.compile(rb'"phone_number_id"\s*:\s*"?(\d{1,64})')


def lane_of(body: bytes) -> tuple[Lane, str]:
    """The lane, and the first phone number id that the body names."""
    number = NUMBER.search(body)
    return lane(body), number[1].decode() if number else ""


def lane(body: bytes) -> Lane:
    fields = set(FIELD.findall(body))
    if fields and b"messages" not in fields:
        return Lane.OTHER
    if MESSAGES.search(body):
        return Lane.MESSAGES
    return Lane.STATUSES if STATUSES.search(body) else Lane.OTHER
